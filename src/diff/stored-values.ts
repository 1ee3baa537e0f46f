import { isObject, type Json, type JsonObject, ownMember } from '../model/json.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { Form, KindRules } from '../model/vendor.js';
import type { Baseline } from './baseline.js';
import { canonicalText } from './compare-values.js';
import { withoutIgnored } from './ignore-changes.js';
import type { LedgerCodec } from './ledger-codec.js';

/** The values that the ledger stores after `desired` was applied: a text for each declared field and map key. */
export function appliedValues(
  desired: JsonObject,
  rules: KindRules,
  { codec, writeOnly, entry, ignored }: Pick<Baseline, 'codec' | 'writeOnly' | 'entry' | 'ignored'>,
): Record<string, string> {
  const applied = storedValues(desired, rules, { codec, ignored });
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
  return storedValues(spec, rules, { codec, ignored: [] });
}

function storedValues(spec: JsonObject, rules: KindRules, form: StoredForm): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec)) {
    const rule = rules.fields[name];
    if (rule?.writeOnly === true) continue;
    if (rule?.map === undefined) {
      sent[formatPointer([name])] = storedField(form, name, rule?.form, { value, desired: value });
      continue;
    }
    for (const [key, member] of Object.entries(isObject(value) ? value : {})) {
      if (member !== null) sent[formatPointer([name, key])] = storedKey(form, name, key, member);
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
  stored: StoredForm,
): string {
  const { codec } = stored;
  const [name = '', key] = parsePointer(path);
  const [wanted, there] = [desired[name], live[name]];
  if (key !== undefined)
    return codec.pair(
      storedKey(stored, name, key, ownMember(wanted, key)),
      storedKey(stored, name, key, ownMember(there, key)),
    );
  const form = rules.fields[name]?.form;
  return codec.pair(
    storedField(stored, name, form, { value: wanted, desired: wanted }),
    storedField(stored, name, form, { value: there, desired: wanted }),
  );
}

/** The parts of a baseline that a stored text depends on. */
type StoredForm = Pick<Baseline, 'codec' | 'ignored'>;

/** A field's value as the ledger stores it. The desired value decides which members of an endpoint count. */
export function storedField(
  { codec, ignored }: StoredForm,
  name: string,
  form: Form | undefined,
  { value, desired }: { value: Json | undefined; desired: Json | undefined },
): string {
  const [own, wanted] = [value, desired].map((one) => withoutIgnored([name], one, ignored));
  return codec.value(name, own, canonicalText(form, own, wanted));
}

/** The value of a map's key as the ledger stores it. */
export function storedKey(
  { codec, ignored }: StoredForm,
  name: string,
  key: string,
  value: Json | undefined,
): string {
  return codec.value(key, withoutIgnored([name, key], value, ignored));
}
