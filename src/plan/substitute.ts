import { isObject, type Json, type JsonObject } from '../model/json.js';
import { formatPointer, parsePointer } from '../model/pointer.js';
import type { SecretReference } from '../model/project.js';
import { HIDDEN } from '../model/url-keys.js';
import type { KindRules } from '../model/vendor.js';

/** Values that replace the references of a spec: real ones when sending, placeholders when showing. */
export interface Substitution {
  secret(reference: SecretReference, pointer: string): Json;
  /** The id of another object of the same target, named `Kind/name`. */
  id(reference: string): Json;
}

export const SENSITIVE = HIDDEN;
export const KNOWN_AFTER_APPLY = '(known after apply)';

/** For a request that is only looked at. */
export const PLACEHOLDERS: Substitution = { id: () => KNOWN_AFTER_APPLY, secret: () => SENSITIVE };

/**
 * One field of a spec with its references replaced. Only places where the rules allow a reference are searched, so
 * free-form data is never taken for a reference.
 */
export function substituteField(name: string, value: Json, rules: KindRules, by: Substitution): Json {
  const rule = rules.fields[name];
  if (rule === undefined) return value;
  if (rule.refersTo !== undefined) return isReference(value) ? by.id(value.ref) : value;
  return (rule.secrets ?? []).reduce<Json>(
    (result, pointer) => replaceReferences(result, parsePointer(pointer), [name], by),
    value,
  );
}

export function substituteSpec(spec: JsonObject, rules: KindRules, by: Substitution): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(spec)) result[name] = substituteField(name, value, rules, by);
  return result;
}

/** The objects that a spec refers to, as `Kind/name`. */
export function objectReferences(spec: JsonObject, rules: KindRules): string[] {
  return referringFields(rules).flatMap((name) => {
    const value = spec[name];
    return value !== undefined && isReference(value) ? [value.ref] : [];
  });
}

/** The fields of a kind that may hold the id of another object; most kinds have none. */
export function referringFields(rules: KindRules): readonly string[] {
  const known = referringRules.get(rules);
  if (known !== undefined) return known;
  const found = Object.keys(rules.fields).filter((name) => rules.fields[name]?.refersTo !== undefined);
  referringRules.set(rules, found);
  return found;
}

/** A kind is asked for each of its objects, and always says the same. */
const referringRules = new WeakMap<KindRules, readonly string[]>();

export function isReference(value: Json | undefined): value is { ref: string } {
  return isObject(value) && typeof value.ref === 'string';
}

function replaceReferences(
  value: Json,
  tokens: readonly string[],
  at: readonly string[],
  by: Substitution,
): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) {
    return isObject(value) ? by.secret(value as unknown as SecretReference, formatPointer(at)) : value;
  }
  const inner = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
  if (!isObject(value) || inner === undefined) return value;
  return { ...value, [token]: replaceReferences(inner, rest, [...at, token], by) };
}
