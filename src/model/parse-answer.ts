import { isObject, type Json, type JsonObject } from './json.js';
import { findIdFault } from './object-id.js';
import { VendorError } from './vendor-error.js';

/** A vendor's answer that has to be an object. Throws `VendorError` 'unexpected'. */
export function expectObject(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new VendorError('unexpected', `${what}: expected a JSON object, got ${typeName(value)}`);
}

/** A vendor's answer that has to be a list of objects. Throws `VendorError` 'unexpected'. */
export function expectObjects(value: Json | undefined, what: string): JsonObject[] {
  if (!Array.isArray(value)) {
    throw new VendorError('unexpected', `${what}: expected a JSON array, got ${typeName(value)}`);
  }
  return value.map((item) => expectObject(item, what));
}

/** An id: a string that can stand in a path. Throws `VendorError` 'unexpected'. */
export function expectId(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') {
    throw new VendorError('unexpected', `${what}: expected an id, got ${typeName(value)}`);
  }
  const fault = findIdFault(value);
  if (fault === undefined) return value;
  throw new VendorError('unexpected', `${what}: this cannot be an id: ${fault}`);
}

/** The members of `names` that an object has. */
export function pick(object: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** The first of some members that is a string with something in it. */
export function firstString(value: Json | undefined, names: readonly string[]): string | undefined {
  if (!isObject(value)) return undefined;
  for (const name of names) {
    const text = value[name];
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
}

/** A path segment made of an id. */
export function pathSegment(id: string): string {
  return encodeURIComponent(id);
}

function typeName(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
