import { diffObject, type Memory, type ObjectDiff } from '../diff/fields.js';
import { diffMap } from '../diff/map.js';
import { withIgnored } from '../diff/overlay.js';
import { canUpdate, markPatch } from '../diff/requests.js';
import { isSensitive } from '../diff/substitute.js';
import type { Address } from '../model/address.js';
import type { Blocked } from '../model/blocked.js';
import { isObject, type JsonObject } from '../model/json.js';
import type { Action, Change, FieldChange } from '../model/plan.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { Kind, Live } from '../model/vendor.js';
import { markFor } from './identity.js';
import type { Orphan } from './left-overs.js';
import type { Binding } from './match.js';
import type { Step, Unchanged } from './step.js';

/** What the plan of one object depends on beside the object. */
export interface Circumstances {
  project: string;
  target: string;
  vendor: string;
  kind: Kind;
  memory: Memory;
  isLive: (id: string) => boolean;
  adopt: boolean;
  prune: boolean;
}

/**
 * Plans one manifest.
 * @param spec its spec with references to other objects replaced by ids, or by a placeholder
 */
export function planBinding(binding: Binding, spec: JsonObject, around: Circumstances): Step | Unchanged {
  const { manifest, live, entry } = binding;
  if (live === undefined) return creation(binding, spec, around);
  const { kind } = around;
  const desired = withIgnored(manifest.spec, live.spec, manifest.ignoreChanges, kind.rules);
  const compared = withIgnored(spec, live.spec, manifest.ignoreChanges, kind.rules);
  const diff = diffObject(compared, live.spec, kind.rules, around.memory);
  const adopts =
    binding.how === 'name' ||
    binding.foreign !== undefined ||
    (binding.how === 'id' && binding.recorded !== true);
  const retired = [...(entry?.retired ?? []).filter(around.isLive), ...binding.strays];
  if (!adopts && diff.changes.length === 0 && retired.length === 0) {
    return { manifest, kind, live, ...(entry && { entry }), notPersisted: diff.notPersisted, retired: [] };
  }
  const versions = kind.rules.writes === 'new-version';
  const stuck = versions ? [] : diff.fields.filter((field) => !canUpdate(kind, field, compared[field]));
  const action: Action = adopts ? 'adopt' : stuck.length > 0 ? 'replace' : 'update';
  const step = newStep(action, binding, desired, around);
  step.change.id = live.id;
  step.change.fields = diff.changes.map((change) => marked(change, stuck));
  step.fields = diff.fields;
  step.notPersisted = diff.notPersisted;
  step.maps = adopts ? withMark(diff, live, manifest.address, around) : diff.maps;
  step.retire = replacedIds(step, diff, retired);
  const blocked = whyBlocked(step, binding, stuck, around);
  if (blocked !== undefined) step.change.blocked = blocked;
  return step;
}

/** Plans what is live and ours and has no manifest any more: shown as an orphan, removed when pruning. */
export function planOrphan(orphan: Orphan, around: Circumstances): Step {
  const { address, live, entry, strays } = orphan;
  const step: Step = {
    ...blank(around, address, around.prune ? 'delete' : 'orphan'),
    live,
    ...(entry && { entry }),
  };
  step.change.id = live.id;
  if (!around.prune) return step;
  const blocked: Blocked | undefined =
    entry?.preventDestroy === true ? { reason: 'protected', from: 'delete' } : inUse(live);
  if (blocked !== undefined) step.change.blocked = blocked;
  const earlier = (entry?.retired ?? []).filter((id) => id !== live.id && around.isLive(id));
  step.retire = [...earlier, ...strays];
  return step;
}

function creation(binding: Binding, spec: JsonObject, around: Circumstances): Step {
  const step = newStep('create', binding, withInherited(binding), around);
  step.change.fields = createdFields(spec, around);
  step.retire = binding.strays;
  return step;
}

/** What an interrupted replacement took from the old object and has not given to the new one yet. */
function withInherited({ manifest, inherited }: Binding): JsonObject {
  const spec = { ...manifest.spec };
  for (const [field, keys] of Object.entries(inherited ?? {})) {
    const own = spec[field];
    if (isObject(keys)) spec[field] = { ...keys, ...(isObject(own) ? own : {}) };
  }
  return spec;
}

function createdFields(spec: JsonObject, { kind: { rules }, memory }: Circumstances): FieldChange[] {
  return Object.entries(spec).flatMap(([name, value]): FieldChange[] => {
    const rule = rules.fields[name];
    const path = formatPointer([name]);
    const resolved = rule?.writeOnly !== true || memory.writeOnly.has(name);
    if (isSensitive(rule)) return [{ path, cause: resolved ? 'manifest' : 'unknown', sensitive: true }];
    if (rule?.map === undefined) return [{ path, after: value, cause: 'manifest' }];
    const keys = Object.entries(diffMap(value, {}, []).set);
    return keys.map(([key, after]) => ({ path: formatPointer([name, key]), after, cause: 'manifest' }));
  });
}

function newStep(action: Action, binding: Binding, desired: JsonObject, around: Circumstances): Step {
  const { manifest, live, entry } = binding;
  return {
    ...blank(around, manifest.address, action),
    manifest,
    ...(live && { live }),
    ...(entry && { entry }),
    desired,
  };
}

function blank(around: Circumstances, address: string, action: Action): Step {
  const change: Change = {
    address,
    vendor: around.vendor,
    kind: around.kind.name,
    name: address.slice(address.lastIndexOf('/') + 1),
    action,
    fields: [],
    requests: [],
  };
  return {
    change,
    project: around.project,
    target: around.target,
    kind: around.kind,
    desired: {},
    fields: [],
    maps: {},
    notPersisted: [],
    retire: [],
    kept: [],
    dependsOn: [],
    retireAfter: [],
  };
}

function marked(change: FieldChange, stuck: readonly string[]): FieldChange {
  return stuck.includes(parsePointer(change.path)[0] ?? '') ? { ...change, forcesReplacement: true } : change;
}

/** Adopting writes the ownership mark, where there is room for one, in the same request as the differences. */
function withMark(diff: ObjectDiff, live: Live, address: Address, around: Circumstances): Step['maps'] {
  const maps = { ...diff.maps };
  const mark = markFor(around.project, address);
  for (const [field, patch] of Object.entries(markPatch(around.kind, live, mark))) {
    const other = maps[field];
    maps[field] = other ? { set: { ...other.set, ...patch.set }, removed: other.removed } : patch;
  }
  return maps;
}

function replacedIds(step: Step, diff: ObjectDiff, retired: readonly string[]): string[] {
  const { kind, live, change } = step;
  const newVersion = kind.rules.writes === 'new-version' && diff.fields.length > 0;
  const createFirst = change.action === 'replace' && kind.rules.replace === 'create-first';
  return live !== undefined && (newVersion || createFirst) ? [...retired, live.id] : [...retired];
}

function whyBlocked(
  step: Step,
  binding: Binding,
  stuck: readonly string[],
  around: Circumstances,
): Blocked | undefined {
  const { action } = step.change;
  if (action === 'adopt' && stuck.length > 0) {
    return { reason: 'immutable', fields: stuck };
  }
  if (action === 'adopt' && binding.foreign !== undefined && !around.adopt) {
    return { reason: 'foreign', mark: binding.foreign };
  }
  if (action === 'adopt' && binding.how === 'name' && !around.adopt) {
    return { reason: 'not-adopted' };
  }
  if (action !== 'replace' || step.live === undefined) return undefined;
  if (!binding.manifest.preventDestroy) return inUse(step.live);
  return { reason: 'protected', from: 'replace' };
}

function inUse({ usedBy }: Live): Blocked | undefined {
  return usedBy === undefined ? undefined : { reason: 'in-use', by: usedBy, known: 'vendor' };
}
