import { isObject, type Json, type JsonObject } from './json.js';
import { parsePointer, valueAt } from './pointer.js';
import type { FieldRule, KindRules } from './vendor.js';

/**
 * Tells if a field's value is `{ keep: true }`, or holds it where the field takes a secret: what the vendor holds is neither
 * sent nor compared. A field is sent whole, so it is kept whole.
 */
export function isKept(rule: FieldRule | undefined, value: Json | undefined): boolean {
  const places = rule?.secrets ?? [];
  if (places.length === 0) return false;
  return isKeep(value) || places.some((pointer) => isKeep(valueAt(value, parsePointer(pointer))));
}

/** The fields of a spec whose secrets the vendor keeps. */
export function keptFields(spec: JsonObject, { fields }: KindRules): string[] {
  return Object.keys(spec).filter((name) => isKept(fields[name], spec[name]));
}

/** A spec without them. */
export function omitKept(spec: JsonObject, rules: KindRules): JsonObject {
  const kept = keptFields(spec, rules);
  if (kept.length === 0) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !kept.includes(name)));
}

/** Tells if a value is `{ keep: true }`. */
export function isKeep(value: Json | undefined): boolean {
  return isObject(value) && value.keep === true;
}
