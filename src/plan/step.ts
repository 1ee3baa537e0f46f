import { applyMapPatch, type MapPatch } from '../diff/map-patch.js';
import type { Address } from '../model/address.js';
import { assertNever } from '../model/assert-never.js';
import { isEmpty, isObject, type JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Change } from '../model/plan.js';
import type { Kind, Live, WriteRequest } from '../model/vendor.js';
import { clientIdFor, ownershipMarkFor } from './match/identity.js';
import { buildCreateRequest, buildUpdateRequest, removeRequest } from './requests.js';
import { PLACEHOLDERS, type Substitution, substituteSpec } from './substitute.js';

/**
 * A change, and beside it what apply needs to carry it out. Never printed, never saved, and never written to: whoever wants
 * another step makes one.
 */
export type Step = WantedStep | DeleteStep | OrphanStep;

/** A step towards what a manifest wants. */
export type WantedStep = CreateStep | BoundStep;

/** A step with an object that is there already. */
export type BoundStep = UpdateStep | ReplaceStep | AdoptStep;

interface AnyStep {
  readonly change: Readonly<Change>;
  readonly project: string;
  readonly target: string;
  readonly kind: Kind;
  /** Ids to remove once everything of ours that refers to them has moved. */
  readonly retire: readonly string[];
  /** Ids to remove that something else still refers to: kept, and remembered. */
  readonly kept: readonly string[];
  /** Steps that have to succeed before this one starts. */
  readonly dependsOn: readonly Address[];
  /** Steps that have to succeed before `retire`. */
  readonly retireAfter: readonly Address[];
}

interface Wanted extends AnyStep {
  readonly manifest: Manifest;
  /** The desired spec, ignored places taken from the live object, references still in place. */
  readonly desired: JsonObject;
}

interface Bound extends Wanted {
  readonly live: Live;
  readonly entry?: LedgerEntry;
  /** Top-level fields that an update sends. */
  readonly fields: readonly string[];
  /** Maps that an update patches. */
  readonly maps: Readonly<Record<string, MapPatch>>;
  /** Pointers of differences that the vendor is known not to keep; they are not sent. */
  readonly notPersisted: readonly string[];
}

/** An object of ours without a manifest. */
interface LeftOver extends AnyStep {
  readonly live: Live;
  readonly entry?: LedgerEntry;
  readonly manifest?: undefined;
}

export interface CreateStep extends Wanted {
  readonly action: 'create';
  readonly live?: undefined;
  readonly entry?: undefined;
}

export interface UpdateStep extends Bound {
  readonly action: 'update';
}

export interface ReplaceStep extends Bound {
  readonly action: 'replace';
}

export interface AdoptStep extends Bound {
  readonly action: 'adopt';
}

export interface DeleteStep extends LeftOver {
  readonly action: 'delete';
}

export interface OrphanStep extends LeftOver {
  readonly action: 'orphan';
}

/** A manifest whose object is as it should be. Apply records it; nothing is sent. */
export interface Unchanged {
  readonly manifest: Manifest;
  readonly kind: Kind;
  readonly live: Live;
  readonly entry?: LedgerEntry;
  /** Pointers of differences that the vendor is known not to keep. */
  readonly notPersisted: readonly string[];
  /** Earlier versions that cannot be removed yet, because something still refers to them. */
  readonly retired: readonly string[];
}

export function isWanted(step: Step): step is WantedStep {
  return step.action !== 'delete' && step.action !== 'orphan';
}

/** The writes of a step: the same function gives what the plan shows and what apply sends. */
export function writesOf(step: Step, by: Substitution): { main: WriteRequest[]; retire: WriteRequest[] } {
  if (step.change.blocked !== undefined) return { main: [], retire: [] };
  const main = mainWrites(step, by);
  const retire = step.retire.map((id) => removeRequest(step.kind, id));
  // What is forgotten once it is removed goes last, because it alone knows its earlier versions.
  return step.action === 'delete' ? { main: [...retire, ...main], retire: [] } : { main, retire };
}

/** Whether all that a step sends is the removal of earlier versions. */
export function onlyRetires(step: Step): boolean {
  const { main, retire } = writesOf(step, PLACEHOLDERS);
  return main.length === 0 && retire.length > 0;
}

/** Whether the object's id is known only when the step has been applied. */
export function makesNewId(step: Step): boolean {
  if (step.change.blocked !== undefined) return false;
  switch (step.action) {
    case 'create':
    case 'replace':
      return true;
    case 'update':
    case 'adopt':
      return step.kind.rules.writes === 'new-version' && step.fields.length > 0;
    case 'delete':
    case 'orphan':
      return false;
    default:
      return assertNever(step);
  }
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
    default:
      return assertNever(step);
  }
}

function creation(step: WantedStep, by: Substitution): WriteRequest {
  const { change, kind, project, desired } = step;
  const spec = { ...substituteSpec(desired, kind.rules, by), ...inheritedMaps(step) };
  return buildCreateRequest(
    kind,
    spec,
    ownershipMarkFor(project, change.address),
    clientIdFor(project, change.address),
  );
}

function updates({ change, kind, live, project, desired, fields, maps }: BoundStep, by: Substitution) {
  const spec = substituteSpec(desired, kind.rules, by);
  const update = buildUpdateRequest(
    kind,
    live,
    spec,
    fields,
    maps,
    ownershipMarkFor(project, change.address),
  );
  return update === undefined ? [] : [update];
}

/** What a replacement takes over from the old object: the keys of others in maps that belong to people. */
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
