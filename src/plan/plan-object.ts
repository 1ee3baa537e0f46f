import type { Baseline } from '../diff/baseline.js';
import { diffObject, type ObjectDiff } from '../diff/diff-object.js';
import { overlayIgnored, undeclaredPlaces } from '../diff/ignore-changes.js';
import { diffMap } from '../diff/map-patch.js';
import { sensitiveMembers } from '../diff/sensitive.js';
import type { Address } from '../model/address.js';
import { isObject, type JsonObject } from '../model/json.js';
import { omitKept } from '../model/kept-secrets.js';
import type { Action, Change, FieldChange } from '../model/plan.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { Kind, Live } from '../model/vendor.js';
import { isAdoption } from './adoption.js';
import { blockedReason } from './blocked-reason.js';
import { ownershipMarkFor } from './match/identity.js';
import type { Binding } from './match/match.js';
import { base, emptyStep, movedFromOf, type PlanContext } from './plan-context.js';
import { canUpdateField, ownershipMarkPatch } from './requests.js';
import type { BoundStep, CreateStep, Unchanged, WantedStep } from './step.js';
import { isReference, KNOWN_AFTER_APPLY, referringFields } from './substitute.js';

/**
 * Plans one manifest.
 * @param resolved its spec with references to other objects replaced by ids, or by a placeholder
 * @param dependsOn the steps that it has to wait for
 */
export function planBinding(
  binding: Binding,
  resolved: JsonObject,
  context: PlanContext,
  dependsOn: readonly Address[],
): WantedStep | Unchanged {
  const { manifest, live, entry } = binding;
  if (live === undefined) return creation(binding, resolved, context, dependsOn);
  const { kind } = context.scope;
  const [spec, own] = [omitKept(resolved, kind.rules), omitKept(manifest.spec, kind.rules)];
  const compared = overlayIgnored(spec, live.spec, manifest.ignoreChanges, kind.rules);
  const diff = diffObject(spec, live.spec, kind.rules, baselineOf(binding, context));
  const retired = [...binding.earlier, ...binding.duplicates];
  const writes = diff.changes.length > 0 || retired.length > 0;
  const adopts = isAdoption(binding, writes, context.input.options);
  const movedFrom = adopts ? undefined : movedFromOf(manifest.address, live, context);
  if (!adopts && !writes && movedFrom === undefined) {
    return { manifest, kind, live, ...(entry && { entry }), notPersisted: diff.notPersisted, retired: [] };
  }
  const versions = kind.rules.writes === 'new-version';
  const stuck = versions ? [] : diff.fields.filter((field) => !canUpdateField(kind, field, compared[field]));
  const unknown = unknownFields(manifest.spec, spec, kind);
  const action = adopts ? 'adopt' : stuck.length > 0 ? 'replace' : 'update';
  const isNew = action === 'replace' || (versions && diff.fields.length > 0);
  const { desired, fields, maps, notPersisted, changes } = isNew
    ? newObject(binding, spec, live, context)
    : { ...diff, desired: overlayIgnored(own, live.spec, manifest.ignoreChanges, kind.rules) };
  const blocked = blockedReason(action, live, binding, stuck, context.input);
  const change: Change = {
    ...emptyStep(context, manifest.address, action),
    id: live.id,
    ...(movedFrom !== undefined && { movedFrom }),
    fields: changes.map((difference) => markReplacing(difference, stuck, unknown)),
    source: manifest.source,
    ...(blocked !== undefined && { blocked }),
  };
  return {
    ...base(context, dependsOn),
    action,
    change,
    manifest,
    live,
    ...(entry && { entry }),
    desired,
    fields,
    maps: adopts || movedFrom !== undefined ? withMark(maps, live, manifest.address, context) : maps,
    ...(binding.clientId && { clientId: binding.clientId }),
    ...(binding.displaced && { displaced: binding.displaced }),
    notPersisted,
    retire: replacesId(action, diff, kind) ? [...retired, live.id] : retired,
  };
}

/** A new object in the place of a live one starts with all that its manifest declares, also what updates ignore. */
function newObject(
  binding: Binding,
  spec: JsonObject,
  live: Live,
  context: PlanContext,
): ObjectDiff & Pick<BoundStep, 'desired'> {
  const { manifest } = binding;
  const { rules } = context.scope.kind;
  const ignored = undeclaredPlaces(manifest.ignoreChanges, manifest.spec);
  return {
    ...diffObject(spec, live.spec, rules, { ...baselineOf(binding, context), ignored }),
    desired: overlayIgnored(manifest.spec, live.spec, ignored, rules),
  };
}

function creation(
  binding: Binding,
  spec: JsonObject,
  context: PlanContext,
  dependsOn: readonly Address[],
): CreateStep {
  const { manifest, duplicates, previousId } = binding;
  return {
    ...base(context, dependsOn),
    action: 'create',
    change: {
      ...emptyStep(context, manifest.address, 'create'),
      ...(previousId !== undefined && { previousId }),
      fields: createdFields(binding, spec, context),
      source: manifest.source,
    },
    manifest,
    desired: withInherited(binding),
    ...(binding.clientId && { clientId: binding.clientId }),
    retire: duplicates,
  };
}

/** Adds the values that an interrupted replacement took from the old object and has not given to the new one yet. */
function withInherited({ manifest, inherited }: Binding): JsonObject {
  const spec = { ...manifest.spec };
  for (const [field, keys] of Object.entries(inherited ?? {})) {
    const own = spec[field];
    if (isObject(keys)) spec[field] = { ...keys, ...(isObject(own) ? own : {}) };
  }
  return spec;
}

function createdFields(binding: Binding, spec: JsonObject, context: PlanContext): FieldChange[] {
  const { kind } = context.scope;
  const { rules } = kind;
  const { writeOnly } = baselineOf(binding, context);
  // An object that is gone was removed at the vendor: the manifest did not move.
  const cause = binding.previousId === undefined ? 'manifest' : 'drift';
  const unknown = unknownFields(binding.manifest.spec, spec, kind);
  return Object.entries(spec).flatMap(([name, value]): FieldChange[] => {
    const rule = rules.fields[name];
    const path = formatPointer([name]);
    const resolved = rule?.writeOnly !== true || writeOnly.has(name);
    const sensitive = sensitiveMembers(rule, value);
    if (sensitive !== undefined) return [{ path, cause: resolved ? cause : 'unknown', ...sensitive }];
    if (rule?.map === undefined) {
      return [{ path, after: value, ...afterUnknown(unknown.get(name)), cause }];
    }
    const keys = Object.entries(diffMap(value, {}, []).set);
    return keys.map(([key, after]) => ({ path: formatPointer([name, key]), after, cause }));
  });
}

function baselineOf({ manifest, entry }: Binding, { input }: PlanContext): Baseline {
  return input.baselines.of(manifest.address, entry, manifest.ignoreChanges);
}

function markReplacing(
  change: FieldChange,
  stuck: readonly string[],
  unknown: ReadonlyMap<string, string>,
): FieldChange {
  const [field = ''] = parsePointer(change.path);
  return {
    ...change,
    ...afterUnknown(unknown.get(field)),
    ...(stuck.includes(field) && { forcesReplacement: true }),
  };
}

/** The references, by field, that have only a placeholder for the other object's id so far. */
function unknownFields(spec: JsonObject, resolved: JsonObject, { rules }: Kind): Map<string, string> {
  const unknown = new Map<string, string>();
  for (const field of referringFields(rules)) {
    const value = spec[field];
    if (isReference(value) && resolved[field] === KNOWN_AFTER_APPLY) unknown.set(field, value.ref);
  }
  return unknown;
}

function afterUnknown(reference: string | undefined): Pick<FieldChange, 'afterUnknown'> {
  return reference === undefined ? {} : { afterUnknown: reference };
}

/** Adopting writes the ownership mark, where there is room for one, in the same request as the differences. */
function withMark(
  planned: BoundStep['maps'],
  live: Live,
  address: Address,
  context: PlanContext,
): BoundStep['maps'] {
  const maps = { ...planned };
  const mark = ownershipMarkFor(context.input.project.name, address);
  for (const [field, patch] of Object.entries(ownershipMarkPatch(context.scope.kind, live, mark, planned))) {
    const other = maps[field];
    maps[field] = other ? { set: { ...other.set, ...patch.set }, removed: other.removed } : patch;
  }
  return maps;
}

/**
 * Tells if the live object becomes an earlier version when the step is carried out. One that others made does not: they may
 * use it where we cannot see it.
 */
function replacesId(action: Action, { fields }: ObjectDiff, { rules }: Kind): boolean {
  const newVersion = rules.writes === 'new-version' && fields.length > 0 && action !== 'adopt';
  return newVersion || (action === 'replace' && rules.replace === 'create-first');
}
