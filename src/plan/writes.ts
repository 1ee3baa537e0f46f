import { applyMapPatch } from '../diff/map-patch.js';
import { assertNever } from '../model/assert-never.js';
import { isEmpty, isObject, type Json, type JsonObject } from '../model/json.js';
import { pick } from '../model/parse-answer.js';
import type { WriteRequest } from '../model/vendor.js';
import { hasRoomForMark, ownershipMarkFor } from './match/identity.js';
import {
  buildCreateRequest,
  buildMarkRequest,
  buildUpdateRequest,
  removeRequest,
  withoutNulls,
} from './requests.js';
import { type BoundStep, makesNewId, type Step, type WantedStep } from './step.js';
import { PLACEHOLDERS, type Substitution, substituteSpec } from './substitute.js';

/** The writes of a step: the same function gives what the plan shows and what apply sends. */
export function writesOf(step: Step, by: Substitution): { main: WriteRequest[]; retire: WriteRequest[] } {
  if (step.change.blocked !== undefined) return { main: [], retire: [] };
  const main = mainWrites(step, by);
  const retire = step.retire.map((id) => removeRequest(step.kind, id));
  // Delete the object last: its ledger entry, which is forgotten then, is the only record of its earlier versions.
  return step.action === 'delete' ? { main: [...retire, ...main], retire: [] } : { main, retire };
}

/** Tells if a step sends only the removal of earlier versions. */
export function onlyRetires(step: Step): boolean {
  const { main, retire } = writesOf(step, PLACEHOLDERS);
  return main.length === 0 && retire.length > 0;
}

function mainWrites(step: Step, by: Substitution): WriteRequest[] {
  switch (step.action) {
    case 'create':
      return [creation(step, by)];
    case 'replace':
      return step.kind.rules.replace === 'delete-first'
        ? [removeRequest(step.kind, step.live.id), creation(step, by)]
        : [creation(step, by)];
    case 'update':
    case 'adopt':
      return makesNewId(step) ? [creation(step, by)] : updates(step, by);
    case 'delete':
      return [removeRequest(step.kind, step.live.id)];
    case 'orphan':
      return [];
    case 'forget':
      return step.live === undefined ? [] : listOf(buildMarkRequest(step.kind, step.live, undefined));
    case 'remark':
      return listOf(
        buildMarkRequest(step.kind, step.live, ownershipMarkFor(step.project, step.change.address)),
      );
    default:
      return assertNever(step);
  }
}

function creation(step: WantedStep, by: Substitution): WriteRequest {
  const { change, kind, project, desired, clientId } = step;
  const spec = { ...substituteSpec(desired, kind.rules, by), ...inheritedMaps(step) };
  return buildCreateRequest(kind, spec, ownershipMarkFor(project, change.address), clientId?.id);
}

function listOf<T>(one: T | undefined): T[] {
  return one === undefined ? [] : [one];
}

function updates({ change, kind, live, project, desired, fields, maps }: BoundStep, by: Substitution) {
  // A secret that is not sent may not be known.
  const spec = substituteSpec(pick(desired, fields), kind.rules, by);
  const mark = ownershipMarkFor(project, change.address);
  return listOf(buildUpdateRequest(kind, live, { spec, fields, maps }, mark));
}

/** Keys that a replacement takes over from the old object: those of others in free-form maps. */
function inheritedMaps(step: WantedStep): JsonObject {
  const inherited: JsonObject = {};
  if (step.action === 'create') return inherited;
  for (const [field, rule] of Object.entries(step.kind.rules.fields)) {
    const there = step.live.spec[field];
    if (rule.map === undefined || isEmpty(there)) continue;
    inherited[field] = applyMapPatch(there, step.maps[field] ?? { set: {}, removed: [] });
  }
  return inherited;
}

/** The map that will hold the ownership mark, where there is one. */
function mapOfMark(step: WantedStep): Json | undefined {
  const field = step.kind.rules.mark?.field;
  if (field === undefined) return undefined;
  if (makesNewId(step)) return { ...step.desired, ...inheritedMaps(step) }[field];
  const there = step.live?.spec[field];
  const patch = 'maps' in step ? step.maps[field] : undefined;
  return patch === undefined ? there : applyMapPatch(there, patch);
}

/** Tells if the object of a step has room for the ownership mark. */
export function takesMark(step: WantedStep): boolean {
  return hasRoomForMark(step.kind.rules, withoutNulls(mapOfMark(step) ?? null));
}

/** Of those, the keys that no manifest declares: what would be lost if nothing came after the delete. */
export function undeclaredKeys(step: WantedStep): JsonObject {
  const others: JsonObject = {};
  for (const [field, map] of Object.entries(inheritedMaps(step))) {
    const own = step.desired[field];
    const declared = isObject(own) ? Object.keys(own) : [];
    const mark = step.kind.rules.mark;
    const reserved = mark?.field === field ? [mark.key] : [];
    const ours = new Set([...declared, ...reserved]);
    const keys = Object.entries(isObject(map) ? map : {}).filter(([key]) => !ours.has(key));
    if (keys.length > 0) others[field] = Object.fromEntries(keys);
  }
  return others;
}
