import { isObject, type Json, type JsonObject, sameJson } from '../model/json.js';

/** The changes to a free-form map, of which we manage only some keys. */
export interface MapPatch {
  /** Keys to add or change. */
  set: JsonObject;
  /** Keys to remove: declared as null, or applied once and declared no longer. */
  removed: string[];
}

/**
 * @param owned keys that we applied before
 * @param reserved the key of the ownership mark, which is never a difference
 */
export function diffMap(
  desired: Json | undefined,
  live: Json | undefined,
  owned: readonly string[],
  reserved?: string,
): MapPatch {
  const wanted = isObject(desired) ? desired : {};
  const there = isObject(live) ? live : {};
  const set: JsonObject = {};
  const removed: string[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    if (key === reserved) continue;
    if (value === null) {
      if (hasOwnKey(there, key)) removed.push(key);
    } else if (!Object.hasOwn(there, key) || !sameJson(value, there[key])) {
      set[key] = value;
    }
  }
  for (const key of owned) {
    if (key !== reserved && !Object.hasOwn(wanted, key) && hasOwnKey(there, key)) removed.push(key);
  }
  return { set, removed: removed.sort() };
}

/** A key whose value is null says the same as one that is not there. */
function hasOwnKey(map: JsonObject, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] !== null;
}

export function isEmptyPatch(patch: MapPatch): boolean {
  return patch.removed.length === 0 && Object.keys(patch.set).length === 0;
}

/** The whole map after the patch: keys that we do not manage survive. */
export function applyMapPatch(live: Json | undefined, patch: MapPatch): JsonObject {
  const result: JsonObject = isObject(live) ? { ...live } : {};
  for (const key of patch.removed) delete result[key];
  return { ...result, ...patch.set };
}
