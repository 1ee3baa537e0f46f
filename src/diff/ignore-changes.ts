import { isEmpty, isObject, type Json, type JsonObject, ownMember } from '../model/json.js';
import { formatPointer, parsePointer, valueAt } from '../model/pointer.js';
import type { KindRules } from '../model/vendor.js';

/**
 * The desired spec as an update compares and sends it: without the fields and map keys that are ignored, and with every
 * ignored place inside a field taken from the live object, because that field is compared and sent whole.
 */
export function overlayIgnored(
  spec: JsonObject,
  live: JsonObject,
  pointers: readonly string[],
  rules: KindRules,
): JsonObject {
  if (pointers.length === 0) return spec;
  let result = spec;
  for (const pointer of pointers) {
    const [field = '', ...within] = parsePointer(pointer);
    const value = ownMember(result, field);
    if (value === undefined) continue;
    const isMap = rules.fields[field]?.map !== undefined;
    if (within.length === 0) result = withoutMember(result, field);
    else if (isMap && within.length === 1) result = { ...result, [field]: removeAt(value, within) };
    // Of a map only declared keys are managed; elsewhere the objects around the place are needed too.
    else if (!isMap || ownMember(value, within[0] ?? '') !== undefined) {
      result = { ...result, [field]: overlayValue(value, within, ownMember(live, field)) };
    }
  }
  return result;
}

/** The ignored places that a spec does not declare: a new object takes their live values over. */
export function undeclaredPlaces(pointers: readonly string[], spec: JsonObject): string[] {
  return pointers.filter((pointer) => valueAt(spec, parsePointer(pointer)) === undefined);
}

/** Tells if a field or map key is ignored as a whole. */
export function isIgnored(path: string, pointers: readonly string[]): boolean {
  return pointers.some((pointer) => path === pointer || path.startsWith(`${pointer}/`));
}

/** The value of a field or map key without the ignored places in it, as the ledger knows it. */
export function withoutIgnored(
  at: readonly string[],
  value: Json | undefined,
  pointers: readonly string[],
): Json | undefined {
  if (pointers.length === 0 || value === undefined) return value;
  const path = `${formatPointer(at)}/`;
  return pointers
    .filter((pointer) => pointer.startsWith(path))
    .reduce<Json>((result, pointer) => removeAt(result, parsePointer(pointer.slice(path.length - 1))), value);
}

/**
 * What the ledger stores after an update: it did not send what is ignored, so of that stays what was sent when the object
 * was created.
 */
export function keepIgnored(
  applied: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> | undefined,
  pointers: readonly string[],
): Record<string, string> {
  const kept = Object.entries(applied).flatMap(([path, text]): [string, string][] => {
    if (!isIgnored(path, pointers)) return [[path, text]];
    const known = before?.[path];
    return known === undefined ? [] : [[path, known]];
  });
  return Object.fromEntries(kept);
}

function overlayValue(value: Json, tokens: readonly string[], live: Json | undefined): Json {
  const [token = '', ...rest] = tokens;
  if (Array.isArray(value)) return overlayItem(value, Number(token), rest, live);
  if (!isObject(value)) return value;
  const at = ownMember(live, token);
  if (rest.length === 0) return at === undefined ? withoutMember(value, token) : { ...value, [token]: at };
  const declared = ownMember(value, token);
  const inner = declared ?? (valueAt(at, rest) === undefined ? undefined : emptyLike(at));
  if (inner === undefined) return value;
  const overlaid = overlayValue(inner, rest, at);
  // An object of which only ignored members are declared is not declared itself.
  return at === undefined && isEmpty(overlaid)
    ? withoutMember(value, token)
    : { ...value, [token]: overlaid };
}

/** A live item that is not there is no value to keep: then the declared one is sent. */
function overlayItem(
  items: readonly Json[],
  index: number,
  rest: readonly string[],
  live: Json | undefined,
): Json {
  const there = Array.isArray(live) ? live[index] : undefined;
  if (there === undefined) return [...items];
  return items.map((item, i) => {
    if (i !== index) return item;
    return rest.length === 0 ? there : overlayValue(item, rest, there);
  });
}

function emptyLike(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? {} : undefined;
}

/** An item leaves a hole, so that those after it keep their places. */
function removeAt(value: Json, tokens: readonly string[]): Json {
  const [token = '', ...rest] = tokens;
  if (Array.isArray(value)) {
    return value.map((item, i) => {
      if (i !== Number(token)) return item;
      return rest.length === 0 ? null : removeAt(item, rest);
    });
  }
  const inner = ownMember(value, token);
  if (!isObject(value) || inner === undefined) return value;
  if (rest.length === 0) return withoutMember(value, token);
  const left = removeAt(inner, rest);
  return isEmpty(left) && !isEmpty(inner) ? withoutMember(value, token) : { ...value, [token]: left };
}

function withoutMember(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}
