import type { JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import { parsePointer } from '../model/pointer.js';
import type { KindRules } from '../model/vendor.js';
import { decodeStored, type LedgerCodec } from './ledger-codec.js';
import { storedField } from './stored-values.js';

/** An object as it was before a write, and what the ledger knew of it. */
export interface ObjectBefore {
  live: JsonObject;
  entry?: LedgerEntry | undefined;
  /** It is taken over: until now it was not ours. */
  adopts: boolean;
}

/**
 * The fields that were applied, are no longer declared, and still have that value: JSON Pointer -> what was applied. Keys of
 * people's maps are not among them, because they are removed. A write-only field counts as unchanged, since it cannot be read.
 */
export function findReleased(
  { entry, live }: Pick<ObjectBefore, 'entry' | 'live'>,
  declared: JsonObject,
  rules: KindRules,
  codec: LedgerCodec,
): Record<string, string> {
  const form = { codec, ignored: [] };
  const released = Object.entries({ ...entry?.released, ...entry?.applied }).filter(([path, text]) => {
    const field = wholeField(path);
    const rule = rules.fields[field ?? ''];
    if (field === undefined || rule?.map !== undefined || Object.hasOwn(declared, field)) return false;
    if (rule?.writeOnly === true) return true;
    const value = live[field];
    return storedField(form, field, rule?.form, { value, desired: decodeStored(text) ?? value }) === text;
  });
  return Object.fromEntries(released);
}

/**
 * The live values before we first set each field: JSON Pointer -> what was there. It holds those of the fields that are applied
 * or released now, as far as they are known: an object that we made has none.
 */
export function findFirstValues(
  { entry, live, adopts }: ObjectBefore,
  applied: Readonly<Record<string, string>>,
  released: Readonly<Record<string, string>>,
  rules: KindRules,
  codec: LedgerCodec,
): Record<string, string> {
  const form = { codec, ignored: [] };
  const known = entry?.before ?? {};
  const ours = { ...entry?.applied, ...entry?.released };
  const first: Record<string, string> = {};
  for (const path of Object.keys({ ...released, ...applied })) {
    const field = wholeField(path);
    const rule = rules.fields[field ?? ''];
    if (field === undefined || rule?.map !== undefined || rule?.writeOnly === true) continue;
    const before = known[path];
    if (before !== undefined) first[path] = before;
    else if (adopts || (entry !== undefined && ours[path] === undefined)) {
      const value = live[field];
      first[path] = storedField(form, field, rule?.form, { value, desired: value });
    }
  }
  return first;
}

/** The field that a pointer names; undefined for a key of a map. */
function wholeField(path: string): string | undefined {
  const [field, ...within] = parsePointer(path);
  return within.length === 0 ? field : undefined;
}
