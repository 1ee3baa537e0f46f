import { type MapPatch, patchedMap } from '../diff/map.js';
import { createRequest, removeRequest, updateRequest } from '../diff/requests.js';
import { PLACEHOLDERS, type Substitution, substituteSpec } from '../diff/substitute.js';
import type { Address } from '../model/address.js';
import { isEmpty, isObject, type JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Change } from '../model/plan.js';
import type { Kind, Live, WriteRequest } from '../model/vendor.js';
import { clientIdFor, markFor } from './identity.js';

/** A change, and beside it what apply needs to carry it out. Never printed, never saved. */
export interface Step {
  change: Change;
  project: string;
  target: string;
  kind: Kind;
  manifest?: Manifest;
  live?: Live;
  entry?: LedgerEntry;
  /** The desired spec, ignored places taken from the live object, references still in place. */
  desired: JsonObject;
  /** Top-level fields that an update sends. */
  fields: string[];
  /** Maps that an update patches. */
  maps: Record<string, MapPatch>;
  /** Pointers of differences that the vendor is known not to keep; they are not sent. */
  notPersisted: string[];
  /** Ids to remove once everything of ours that refers to them has moved. */
  retire: string[];
  /** Ids to remove that something else still refers to: kept, and remembered. */
  kept: string[];
  /** Steps that have to succeed before this one starts. */
  dependsOn: Address[];
  /** Steps that have to succeed before `retire`. */
  retireAfter: Address[];
}

/** A manifest whose object is as it should be. Apply records it; nothing is sent. */
export interface Unchanged {
  manifest: Manifest;
  kind: Kind;
  live: Live;
  entry?: LedgerEntry;
  /** Pointers of differences that the vendor is known not to keep. */
  notPersisted: string[];
  /** Earlier versions that cannot be removed yet, because something still refers to them. */
  retired: string[];
}

/** The writes of a step: the same function gives what the plan shows and what apply sends. */
export function writesOf(step: Step, by: Substitution): { main: WriteRequest[]; retire: WriteRequest[] } {
  if (step.change.blocked !== undefined) return { main: [], retire: [] };
  const main = mainWrites(step, by);
  const retire = step.retire.map((id) => removeRequest(step.kind, id));
  // What is forgotten once it is removed goes last, because it alone knows its earlier versions.
  return step.change.action === 'delete' ? { main: [...retire, ...main], retire: [] } : { main, retire };
}

/** Whether all that a step sends is the removal of earlier versions. */
export function onlyRetires(step: Step): boolean {
  const { main, retire } = writesOf(step, PLACEHOLDERS);
  return main.length === 0 && retire.length > 0;
}

/** Whether the object's id is known only when the step has been applied. */
export function makesNewId(step: Step): boolean {
  if (step.change.blocked !== undefined) return false;
  const { action } = step.change;
  if (action === 'create' || action === 'replace') return true;
  return step.kind.rules.writes === 'new-version' && step.fields.length > 0 && step.manifest !== undefined;
}

function mainWrites(step: Step, by: Substitution): WriteRequest[] {
  const { change, kind, live, project } = step;
  if (change.action === 'orphan') return [];
  if (change.action === 'delete') return live === undefined ? [] : [removeRequest(kind, live.id)];
  const spec = substituteSpec(step.desired, kind.rules, by);
  const mark = markFor(project, change.address);
  if (makesNewId(step)) {
    const create = createRequest(
      kind,
      { ...spec, ...inheritedMaps(step) },
      mark,
      clientIdFor(project, change.address),
    );
    const first = change.action === 'replace' && kind.rules.replace === 'delete-first' && live !== undefined;
    return first ? [removeRequest(kind, live.id), create] : [create];
  }
  const update = live && updateRequest(kind, live, spec, step.fields, step.maps, mark);
  return update === undefined ? [] : [update];
}

/** What a replacement takes over from the old object: the keys of others in maps that belong to people. */
function inheritedMaps({ kind, live, maps }: Step): JsonObject {
  const inherited: JsonObject = {};
  for (const [field, rule] of Object.entries(kind.rules.fields)) {
    const there = live?.spec[field];
    if (rule.map === undefined || isEmpty(there)) continue;
    inherited[field] = patchedMap(there, maps[field] ?? { set: {}, removed: [] });
  }
  return inherited;
}

/** Of those, the keys that no manifest declares: what would be lost if nothing came after the delete. */
export function othersKeys(step: Step): JsonObject {
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
