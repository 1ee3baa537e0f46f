import type { JsonObject } from './json.js';
import type { Kind } from './vendor.js';

/** A name that no other object of its kind and target may have. */
export interface UniqueName {
  /** The name itself, for messages. */
  name: string;
  /** Equal for two objects that may not both exist. */
  key: string;
}

/** The unique name in a spec; undefined where the kind has none, or where a part of it is not a text in this spec. */
export function uniqueNameIn({ rules: { uniqueName } }: Kind, spec: JsonObject): UniqueName | undefined {
  if (uniqueName === undefined) return undefined;
  const name = spec[uniqueName.field];
  const within = uniqueName.within.map((field) => spec[field]);
  if (typeof name !== 'string' || within.some((value) => typeof value !== 'string')) return undefined;
  return { name, key: JSON.stringify([...within, name]) };
}
