import { defined } from '../model/defined.js';
import { type Json, type JsonObject, ownMember } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Cause, FieldChange } from '../model/plan.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { Form, KindRules } from '../model/vendor.js';
import type { Baseline } from './baseline.js';
import { rewrittenAspects, sameValue } from './compare-values.js';
import { isIgnored, overlayIgnored } from './ignore-changes.js';
import { decodeStored, type LedgerCodec } from './ledger-codec.js';
import { diffMap, isEmptyPatch, type MapPatch } from './map-patch.js';
import { isSensitive, sensitiveMembers } from './sensitive.js';
import { storedField, storedKey } from './stored-values.js';

/** How an object differs from its manifest, in declared fields only. */
export interface ObjectDiff {
  changes: FieldChange[];
  /** Top-level fields to send. */
  fields: string[];
  /** Maps to patch, by field. */
  maps: Record<string, MapPatch>;
  /** Pointers of differences that the vendor is known not to keep; they are not changes. */
  notPersisted: string[];
  /** Pointers of differences that read the same, and that the vendor is known to make of what was sent. */
  rewritten: string[];
}

/** Compares the fields that `desired` declares, but for what is ignored, with a live object. Pure; knows no vendor. */
export function diffObject(
  declared: JsonObject,
  live: JsonObject,
  rules: KindRules,
  baseline: Baseline,
): ObjectDiff {
  const desired = overlayIgnored(declared, live, baseline.ignored, rules);
  const sides = { desired, live, rules, baseline };
  const diff: ObjectDiff = { changes: [], fields: [], maps: {}, notPersisted: [], rewritten: [] };
  for (const name of Object.keys(desired)) {
    const rule = rules.fields[name];
    if (rule?.map === undefined)
      add(diff, rule?.writeOnly === true ? diffWriteOnly(name, sides) : diffField(name, sides));
  }
  for (const [name, rule] of Object.entries(rules.fields)) {
    if (rule.map !== undefined) add(diff, diffKeys(name, sides));
  }
  return diff;
}

/** All that a comparison looks at. */
interface Sides {
  desired: JsonObject;
  live: JsonObject;
  rules: KindRules;
  baseline: Baseline;
}

/** The part that one field adds to the diff of its object; undefined where it is the same. */
type FieldDiff = Partial<ObjectDiff> | undefined;

function add(diff: ObjectDiff, found: FieldDiff): void {
  if (found === undefined) return;
  diff.changes.push(...(found.changes ?? []));
  diff.fields.push(...(found.fields ?? []));
  diff.notPersisted.push(...(found.notPersisted ?? []));
  diff.rewritten.push(...(found.rewritten ?? []));
  Object.assign(diff.maps, found.maps);
}

function diffField(name: string, { desired, live, rules, baseline }: Sides): FieldDiff {
  const [wanted, there] = [desired[name], live[name]];
  const form = rules.fields[name]?.form;
  if (sameValue(form, wanted, there)) return undefined;
  const difference = {
    path: formatPointer([name]),
    before: there,
    after: wanted,
    wantedText: storedField(baseline, name, form, { value: wanted, desired: wanted }),
    thereText: storedField(baseline, name, form, { value: there, desired: wanted }),
  };
  const known = knownDifference(difference, form, baseline);
  if (known !== undefined) return { [known]: [difference.path] };
  return { fields: [name], changes: [fieldChange(difference, baseline)] };
}

/** A write-only field cannot be compared with the vendor's: only with what we remember to have sent. */
function diffWriteOnly(name: string, { desired, rules, baseline }: Sides): FieldDiff {
  const path = formatPointer([name]);
  const wanted = baseline.writeOnly.get(name);
  const applied = baseline.entry?.applied[path];
  if (wanted !== undefined && wanted === applied) return undefined;
  // A secret without a digest, or without a value, cannot be compared.
  if (baseline.trustSecrets && (applied === undefined || wanted === undefined)) return undefined;
  const known = wanted !== undefined && baseline.entry !== undefined;
  const rotated = known && applied !== undefined && isSensitive(rules.fields[name]);
  const change = { path, cause: known ? 'manifest' : 'unknown', ...(rotated && { rotated }) } as const;
  const shown = sensitiveMembers(rules.fields[name], desired[name]) ?? defined({ after: desired[name] });
  return { fields: [name], changes: [{ ...change, ...shown }] };
}

function diffKeys(name: string, { desired, live, rules, baseline }: Sides): FieldDiff {
  const reserved = rules.mark?.field === name ? rules.mark.key : undefined;
  const owned = rules.fields[name]?.map?.fixed === true ? [] : ownedKeys(name, baseline);
  const patch = diffMap(desired[name], live[name], owned, reserved);
  const diff = { changes: [] as FieldChange[], notPersisted: [] as string[], rewritten: [] as string[] };
  const there = live[name];
  for (const key of [...Object.keys(patch.set), ...patch.removed].sort()) {
    const wanted = ownMember(patch.set, key) ?? null;
    const before = ownMember(there, key);
    const difference = {
      path: formatPointer([name, key]),
      before,
      after: wanted === null ? undefined : wanted,
      wantedText: storedKey(baseline, name, key, wanted),
      thereText: storedKey(baseline, name, key, before),
    };
    const known = knownDifference(difference, undefined, baseline);
    if (known !== undefined) {
      diff[known].push(difference.path);
      delete patch.set[key];
      patch.removed = patch.removed.filter((other) => other !== key);
    } else diff.changes.push(fieldChange(difference, baseline));
  }
  return isEmptyPatch(patch) ? diff : { ...diff, maps: { [name]: patch } };
}

function ownedKeys(field: string, { entry, ignored }: Baseline): string[] {
  if (entry === undefined) return [];
  const prefix = `${formatPointer([field])}/`;
  const keys: string[] = [];
  for (const path of Object.keys(entry.applied)) {
    if (!path.startsWith(prefix) || isIgnored(path, ignored)) continue;
    keys.push(parsePointer(path.slice(prefix.length - 1))[0] ?? '');
  }
  return keys;
}

/** Two values that differ, and beside each what the ledger would keep of it. */
interface Difference {
  path: string;
  before: Json | undefined;
  after: Json | undefined;
  wantedText: string;
  thereText: string;
}

/** The list for a difference that the ledger remembers as what the vendor makes of the wanted value. */
function knownDifference(
  { path, before, after, wantedText, thereText }: Difference,
  form: Form | undefined,
  { entry, codec }: Baseline,
): 'notPersisted' | 'rewritten' | undefined {
  const pair = entry?.notPersisted?.[path];
  if (pair === undefined || pair !== codec.pair(wantedText, thereText)) return undefined;
  return rewrittenAspects(form, after, before) === undefined ? 'notPersisted' : 'rewritten';
}

function fieldChange(difference: Difference, { entry, codec }: Baseline): FieldChange {
  const { path, before, after } = difference;
  const cause = causeOf(difference, entry, codec);
  const last = cause === 'both' ? decodeStored(entry?.applied[path]) : undefined;
  return { path, ...defined({ before, after, last }), cause };
}

/** Which side moved away from what was last applied. A field that was never applied is the manifest's news. */
function causeOf(
  { path, wantedText, thereText }: Difference,
  entry: LedgerEntry | undefined,
  codec: LedgerCodec,
): Cause {
  if (entry === undefined) return 'unknown';
  const applied = entry.applied[path];
  if (applied === undefined || applied === thereText) return 'manifest';
  // The vendor has made this of what was applied, and it has not moved since.
  if (entry.notPersisted?.[path] === codec.pair(applied, thereText)) return 'manifest';
  return applied === wantedText ? 'drift' : 'both';
}
