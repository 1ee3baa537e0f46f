import { defined } from '../model/defined.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Cause, FieldChange } from '../model/plan.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { FieldRule, KindRules } from '../model/vendor.js';
import { canonicalText, sameValue } from './compare-values.js';
import { diffMap, isEmptyPatch, type MapPatch } from './map-patch.js';
import { type Digest, fromStored, toStoredMember, toStoredPair, toStoredValue } from './stored-values.js';
import { isSensitive, sensitiveMembers } from './substitute.js';

/** What the diff is told beside the two values. */
export interface Baseline {
  /** What the ledger remembers of this object. */
  entry?: LedgerEntry | undefined;
  /** Salted digest of a value that is not secret and too long to be kept. */
  digest: Digest;
  /** Digests of the desired write-only fields; a field whose secret cannot be resolved is missing. */
  writeOnly: ReadonlyMap<string, string>;
  /** Take an unknown digest for equal instead of sending the secret once. */
  trustSecrets: boolean;
}

/** How an object differs from its manifest, in declared fields only. */
export interface ObjectDiff {
  changes: FieldChange[];
  /** Top-level fields to send. */
  fields: string[];
  /** Maps to patch, by field. */
  maps: Record<string, MapPatch>;
  /** Pointers of differences that the vendor is known not to keep; they are not changes. */
  notPersisted: string[];
}

/** Compares the fields that `desired` declares with a live object. Pure; knows no vendor. */
export function diffObject(
  desired: JsonObject,
  live: JsonObject,
  rules: KindRules,
  baseline: Baseline,
): ObjectDiff {
  const diff: ObjectDiff = { changes: [], fields: [], maps: {}, notPersisted: [] };
  for (const name of Object.keys(desired)) {
    const rule = rules.fields[name];
    if (rule?.map !== undefined) continue;
    if (rule?.writeOnly === true) diffWriteOnly(name, desired, rules, baseline, diff);
    else diffValue(name, desired, live, rule, baseline, diff);
  }
  for (const [name, rule] of Object.entries(rules.fields)) {
    if (rule.map !== undefined) diffKeys(name, desired, live, rules, baseline, diff);
  }
  return diff;
}

/** What the ledger remembers after `desired` was applied: a digest for each declared field and map key. */
export function appliedDigests(
  desired: JsonObject,
  rules: KindRules,
  baseline: Baseline,
): Record<string, string> {
  const applied: Record<string, string> = {};
  for (const [name, value] of Object.entries(desired)) {
    const rule = rules.fields[name];
    const path = formatPointer([name]);
    if (rule?.writeOnly === true) {
      const digest = baseline.writeOnly.get(name);
      if (digest !== undefined) applied[path] = digest;
    } else if (rule?.map !== undefined) {
      for (const [key, member] of Object.entries(isObject(value) ? value : {})) {
        if (member !== null)
          applied[formatPointer([name, key])] = toStoredMember(key, member, baseline.digest);
      }
    } else {
      applied[path] = toStoredValue(name, value, canonicalText(rule?.form, value, value), baseline.digest);
    }
  }
  return applied;
}

/** What a create sends of the fields that can be read back, in the form in which the ledger remembers values. */
export function sentValues(
  spec: JsonObject,
  rules: KindRules,
  digest: Baseline['digest'],
): Record<string, string> {
  return appliedDigests(spec, rules, { digest, writeOnly: new Map(), trustSecrets: false });
}

/** Whether a live object has every value that was sent. */
export function hasSentValues(
  live: JsonObject,
  sent: Readonly<Record<string, string>>,
  rules: KindRules,
  digest: Baseline['digest'],
): boolean {
  const found = sentValues(live, rules, digest);
  const nothing = toStoredMember('', null, digest);
  return Object.entries(sent).every(([path, text]) => (found[path] ?? nothing) === text);
}

/**
 * What `notPersisted` remembers of a value that was not kept: what was wanted, and what the vendor has in its place. When
 * either moves, it is a difference again.
 */
export function notPersistedText(
  desired: JsonObject,
  live: JsonObject,
  path: string,
  rules: KindRules,
  baseline: Baseline,
): string {
  const [name = '', key] = parsePointer(path);
  const value = desired[name];
  const there = live[name];
  if (key !== undefined) {
    const [wanted, found] = [ownMember(value, key), ownMember(there, key)];
    return toStoredPair(
      toStoredMember(key, wanted, baseline.digest),
      toStoredMember(key, found, baseline.digest),
      baseline.digest,
    );
  }
  const form = rules.fields[name]?.form;
  const wanted = toStoredValue(name, value, canonicalText(form, value, value), baseline.digest);
  return toStoredPair(
    wanted,
    toStoredValue(name, there, canonicalText(form, there, value), baseline.digest),
    baseline.digest,
  );
}

function diffValue(
  name: string,
  desired: JsonObject,
  live: JsonObject,
  rule: FieldRule | undefined,
  baseline: Baseline,
  diff: ObjectDiff,
): void {
  const wanted = desired[name];
  const there = live[name];
  if (sameValue(rule?.form, wanted, there)) return;
  const path = formatPointer([name]);
  const wantedText = toStoredValue(name, wanted, canonicalText(rule?.form, wanted, wanted), baseline.digest);
  const thereText = toStoredValue(name, there, canonicalText(rule?.form, there, wanted), baseline.digest);
  if (baseline.entry?.notPersisted?.[path] === toStoredPair(wantedText, thereText, baseline.digest)) {
    diff.notPersisted.push(path);
    return;
  }
  diff.fields.push(name);
  diff.changes.push(fieldChange(path, there, wanted, baseline, wantedText, thereText));
}

/** A write-only field cannot be compared with the vendor's: only with what we remember to have sent. */
function diffWriteOnly(
  name: string,
  desired: JsonObject,
  rules: KindRules,
  baseline: Baseline,
  diff: ObjectDiff,
): void {
  const path = formatPointer([name]);
  const wanted = baseline.writeOnly.get(name);
  const applied = baseline.entry?.applied[path];
  if (wanted !== undefined && wanted === applied) return;
  if (applied === undefined && baseline.trustSecrets) return;
  const known = wanted !== undefined && baseline.entry !== undefined;
  const base: FieldChange = { path, cause: known ? 'manifest' : 'unknown' };
  diff.fields.push(name);
  diff.changes.push(
    isSensitive(rules.fields[name])
      ? { ...base, ...sensitiveMembers(name, desired[name], rules) }
      : { ...base, ...defined({ after: desired[name] }) },
  );
}

function diffKeys(
  name: string,
  desired: JsonObject,
  live: JsonObject,
  rules: KindRules,
  baseline: Baseline,
  diff: ObjectDiff,
): void {
  const reserved = rules.mark?.field === name ? rules.mark.key : undefined;
  const patch = diffMap(desired[name], live[name], ownedKeys(name, baseline.entry), reserved);
  const there = live[name];
  for (const key of [...Object.keys(patch.set), ...patch.removed].sort()) {
    const path = formatPointer([name, key]);
    const wanted = ownMember(patch.set, key) ?? null;
    const before = ownMember(there, key);
    const wantedText = toStoredMember(key, wanted, baseline.digest);
    const thereText = toStoredMember(key, before, baseline.digest);
    if (baseline.entry?.notPersisted?.[path] === toStoredPair(wantedText, thereText, baseline.digest)) {
      diff.notPersisted.push(path);
      delete patch.set[key];
      patch.removed = patch.removed.filter((other) => other !== key);
      continue;
    }
    const after = wanted === null ? undefined : wanted;
    diff.changes.push(fieldChange(path, before, after, baseline, wantedText, thereText));
  }
  if (!isEmptyPatch(patch)) diff.maps[name] = patch;
}

function ownedKeys(field: string, entry: LedgerEntry | undefined): string[] {
  const prefix = `${formatPointer([field])}/`;
  return Object.keys(entry?.applied ?? {})
    .filter((path) => path.startsWith(prefix))
    .map((path) => parsePointer(path)[1] ?? '');
}

/** People may call a key `toString`: what every object inherits is not theirs. */
function ownMember(map: Json | undefined, key: string): Json | undefined {
  return isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Which side moved away from what was last applied. A field that was never applied is the manifest's news. */
function causeOf(baseline: Baseline, path: string, wanted: string, there: string): Cause {
  if (baseline.entry === undefined) return 'unknown';
  const applied = baseline.entry.applied[path];
  if (applied === undefined) return 'manifest';
  if (applied === there) return 'manifest';
  return applied === wanted ? 'drift' : 'both';
}

function fieldChange(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  baseline: Baseline,
  wanted: string,
  there: string,
): FieldChange {
  const why = causeOf(baseline, path, wanted, there);
  const last = why === 'both' ? fromStored(baseline.entry?.applied[path]) : undefined;
  return { path, ...defined({ before, after, last }), cause: why };
}
