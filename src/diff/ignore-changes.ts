import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import { parsePointer, valueAt } from '../model/pointer.js';
import type { KindRules } from '../model/vendor.js';

/**
 * The desired spec with every ignored place taken from the live object, so that what is ignored in the plan is
 * ignored in apply too: it neither differs nor is overwritten when the field around it is sent whole.
 */
export function overlayIgnored(
  spec: JsonObject,
  live: JsonObject,
  pointers: readonly string[],
  rules: KindRules,
): JsonObject {
  if (pointers.length === 0) return spec;
  const result: JsonObject = { ...spec };
  for (const pointer of pointers) {
    const [field = '', ...within] = parsePointer(pointer);
    // Validation refuses a pointer to something declared, so only places inside declared fields are left.
    const value = Object.hasOwn(result, field) ? result[field] : undefined;
    if (value === undefined || within.length === 0) continue;
    // An undeclared key of a map is not managed anyway; elsewhere the objects around the place are needed.
    const known =
      rules.fields[field]?.map === undefined || within.length === 1 || hasMember(value, within[0]);
    if (known) result[field] = overlayValue(value, within, live[field]);
  }
  return result;
}

/**
 * What the ledger remembers without what is ignored now: a map key that we once applied and that is to be ignored is
 * left to others, not removed.
 */
export function omitIgnored(entry: LedgerEntry, pointers: readonly string[]): LedgerEntry {
  if (pointers.length === 0) return entry;
  const isIgnored = (path: string) =>
    pointers.some((pointer) => path === pointer || path.startsWith(`${pointer}/`));
  const applied = Object.entries(entry.applied).filter(([path]) => !isIgnored(path));
  return { ...entry, applied: Object.fromEntries(applied) };
}

function overlayValue(value: Json, tokens: readonly string[], live: Json | undefined): Json {
  const [token, ...rest] = tokens;
  if (token === undefined || !isObject(value)) return value;
  const at = isObject(live) && Object.hasOwn(live, token) ? live[token] : undefined;
  if (rest.length === 0) {
    if (at !== undefined) return { ...value, [token]: at };
    const { [token]: _dropped, ...others } = value;
    return others;
  }
  const declared = hasMember(value, token) ? value[token] : undefined;
  const inner = declared ?? (isObject(at) && valueAt(at, rest) !== undefined ? {} : undefined);
  return inner === undefined ? value : { ...value, [token]: overlayValue(inner, rest, at) };
}

function hasMember(value: Json, key: string | undefined): boolean {
  return isObject(value) && key !== undefined && Object.hasOwn(value, key);
}
