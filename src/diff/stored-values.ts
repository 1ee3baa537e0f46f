import { isObject, type Json, type JsonObject, ownMember } from '../model/json.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { Form, KindRules } from '../model/vendor.js';
import type { Baseline } from './baseline.js';
import { canonicalText } from './compare-values.js';
import type { LedgerCodec } from './ledger-codec.js';

/** The values that the ledger stores after `desired` was applied: a text for each declared field and map key. */
export function appliedValues(
  desired: JsonObject,
  rules: KindRules,
  { codec, writeOnly, entry }: Pick<Baseline, 'codec' | 'writeOnly' | 'entry'>,
): Record<string, string> {
  const applied = sentValues(desired, rules, codec);
  for (const name of Object.keys(desired)) {
    if (rules.fields[name]?.writeOnly !== true) continue;
    const path = formatPointer([name]);
    // One that was trusted without being resolved is what it was.
    const digest = writeOnly.get(name) ?? entry?.applied[path];
    if (digest !== undefined) applied[path] = digest;
  }
  return applied;
}

/** The values that a create sends for fields that can be read back, in the form in which the ledger stores them. */
export function sentValues(spec: JsonObject, rules: KindRules, codec: LedgerCodec): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec)) {
    const rule = rules.fields[name];
    if (rule?.writeOnly === true) continue;
    if (rule?.map === undefined) {
      sent[formatPointer([name])] = storedField(codec, name, rule?.form, { value, desired: value });
      continue;
    }
    for (const [key, member] of Object.entries(isObject(value) ? value : {})) {
      if (member !== null) sent[formatPointer([name, key])] = codec.value(key, member);
    }
  }
  return sent;
}

/** Tells if a live object has every value that was sent. */
export function hasSentValues(
  live: JsonObject,
  sent: Readonly<Record<string, string>>,
  rules: KindRules,
  codec: LedgerCodec,
): boolean {
  const found = sentValues(live, rules, codec);
  const nothing = codec.value('', null);
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
  { codec }: Pick<Baseline, 'codec'>,
): string {
  const [name = '', key] = parsePointer(path);
  const [wanted, there] = [desired[name], live[name]];
  if (key !== undefined)
    return codec.pair(codec.value(key, ownMember(wanted, key)), codec.value(key, ownMember(there, key)));
  const form = rules.fields[name]?.form;
  return codec.pair(
    storedField(codec, name, form, { value: wanted, desired: wanted }),
    storedField(codec, name, form, { value: there, desired: wanted }),
  );
}

/** A field's value as the ledger stores it. The desired value decides which members of an endpoint count. */
export function storedField(
  codec: LedgerCodec,
  name: string,
  form: Form | undefined,
  { value, desired }: { value: Json | undefined; desired: Json | undefined },
): string {
  return codec.value(name, value, canonicalText(form, value, desired));
}
