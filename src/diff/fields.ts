import { defined } from '../model/defined.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Cause, FieldChange } from '../model/plan.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { FieldRule, KindRules } from '../model/vendor.js';
import { canonicalText, sameValue } from './canonical.js';
import { type Digest, keptMember, keptPair, keptValue, valueKept } from './kept.js';
import { diffMap, isEmptyPatch, type MapPatch } from './map.js';
import { isSensitive } from './substitute.js';

/** What the diff is told beside the two values. */
export interface Memory {
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
  memory: Memory,
): ObjectDiff {
  const diff: ObjectDiff = { changes: [], fields: [], maps: {}, notPersisted: [] };
  for (const name of Object.keys(desired)) {
    const rule = rules.fields[name];
    if (rule?.map !== undefined) continue;
    if (rule?.writeOnly === true) diffWriteOnly(name, desired, rule, memory, diff);
    else diffValue(name, desired, live, rule, memory, diff);
  }
  for (const [name, rule] of Object.entries(rules.fields)) {
    if (rule.map !== undefined) diffKeys(name, desired, live, rules, memory, diff);
  }
  return diff;
}

/** What the ledger remembers after `desired` was applied: a digest for each declared field and map key. */
export function appliedDigests(
  desired: JsonObject,
  rules: KindRules,
  memory: Memory,
): Record<string, string> {
  const applied: Record<string, string> = {};
  for (const [name, value] of Object.entries(desired)) {
    const rule = rules.fields[name];
    const path = formatPointer([name]);
    if (rule?.writeOnly === true) {
      const digest = memory.writeOnly.get(name);
      if (digest !== undefined) applied[path] = digest;
    } else if (rule?.map !== undefined) {
      for (const [key, member] of Object.entries(isObject(value) ? value : {})) {
        if (member !== null) applied[formatPointer([name, key])] = keptMember(key, member, memory.digest);
      }
    } else {
      applied[path] = keptValue(name, value, canonicalText(rule?.form, value, value), memory.digest);
    }
  }
  return applied;
}

/** What a create sends of the fields that can be read back, in the form in which the ledger remembers values. */
export function sentTexts(
  spec: JsonObject,
  rules: KindRules,
  digest: Memory['digest'],
): Record<string, string> {
  return appliedDigests(spec, rules, { digest, writeOnly: new Map(), trustSecrets: false });
}

/** Whether a live object has every value that was sent. */
export function holds(
  live: JsonObject,
  sent: Readonly<Record<string, string>>,
  rules: KindRules,
  digest: Memory['digest'],
): boolean {
  const found = sentTexts(live, rules, digest);
  const nothing = keptMember('', null, digest);
  return Object.entries(sent).every(([path, text]) => (found[path] ?? nothing) === text);
}

/**
 * What `notPersisted` remembers of a value that was not kept: what was wanted, and what the vendor has in its place. When
 * either moves, it is a difference again.
 */
export function notKept(
  desired: JsonObject,
  live: JsonObject,
  path: string,
  rules: KindRules,
  memory: Memory,
): string {
  const [name = '', key] = parsePointer(path);
  const value = desired[name];
  const there = live[name];
  if (key !== undefined) {
    const [wanted, found] = [ownMember(value, key), ownMember(there, key)];
    return keptPair(
      keptMember(key, wanted, memory.digest),
      keptMember(key, found, memory.digest),
      memory.digest,
    );
  }
  const form = rules.fields[name]?.form;
  const wanted = keptValue(name, value, canonicalText(form, value, value), memory.digest);
  return keptPair(
    wanted,
    keptValue(name, there, canonicalText(form, there, value), memory.digest),
    memory.digest,
  );
}

function diffValue(
  name: string,
  desired: JsonObject,
  live: JsonObject,
  rule: FieldRule | undefined,
  memory: Memory,
  diff: ObjectDiff,
): void {
  const wanted = desired[name];
  const there = live[name];
  if (sameValue(rule?.form, wanted, there)) return;
  const path = formatPointer([name]);
  const wantedText = keptValue(name, wanted, canonicalText(rule?.form, wanted, wanted), memory.digest);
  const thereText = keptValue(name, there, canonicalText(rule?.form, there, wanted), memory.digest);
  if (memory.entry?.notPersisted?.[path] === keptPair(wantedText, thereText, memory.digest)) {
    diff.notPersisted.push(path);
    return;
  }
  diff.fields.push(name);
  diff.changes.push(change(path, there, wanted, memory, wantedText, thereText));
}

/** A write-only field cannot be compared with the vendor's: only with what we remember to have sent. */
function diffWriteOnly(
  name: string,
  desired: JsonObject,
  rule: FieldRule,
  memory: Memory,
  diff: ObjectDiff,
): void {
  const path = formatPointer([name]);
  const wanted = memory.writeOnly.get(name);
  const applied = memory.entry?.applied[path];
  if (wanted !== undefined && wanted === applied) return;
  if (applied === undefined && memory.trustSecrets) return;
  const known = wanted !== undefined && memory.entry !== undefined;
  const base: FieldChange = { path, cause: known ? 'manifest' : 'unknown' };
  diff.fields.push(name);
  diff.changes.push(
    isSensitive(rule) ? { ...base, sensitive: true } : { ...base, ...defined({ after: desired[name] }) },
  );
}

function diffKeys(
  name: string,
  desired: JsonObject,
  live: JsonObject,
  rules: KindRules,
  memory: Memory,
  diff: ObjectDiff,
): void {
  const reserved = rules.mark?.field === name ? rules.mark.key : undefined;
  const patch = diffMap(desired[name], live[name], ownedKeys(name, memory.entry), reserved);
  const there = live[name];
  for (const key of [...Object.keys(patch.set), ...patch.removed].sort()) {
    const path = formatPointer([name, key]);
    const wanted = ownMember(patch.set, key) ?? null;
    const before = ownMember(there, key);
    const wantedText = keptMember(key, wanted, memory.digest);
    const thereText = keptMember(key, before, memory.digest);
    if (memory.entry?.notPersisted?.[path] === keptPair(wantedText, thereText, memory.digest)) {
      diff.notPersisted.push(path);
      delete patch.set[key];
      patch.removed = patch.removed.filter((other) => other !== key);
      continue;
    }
    const after = wanted === null ? undefined : wanted;
    diff.changes.push(change(path, before, after, memory, wantedText, thereText));
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
function cause(memory: Memory, path: string, wanted: string, there: string): Cause {
  if (memory.entry === undefined) return 'unknown';
  const applied = memory.entry.applied[path];
  if (applied === undefined) return 'manifest';
  if (applied === there) return 'manifest';
  return applied === wanted ? 'drift' : 'both';
}

function change(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  memory: Memory,
  wanted: string,
  there: string,
): FieldChange {
  const why = cause(memory, path, wanted, there);
  const last = why === 'both' ? valueKept(memory.entry?.applied[path]) : undefined;
  return { path, ...defined({ before, after, last }), cause: why };
}
