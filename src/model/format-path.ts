import type { Json } from './json.js';
import { isObject } from './json.js';
import { parsePointer } from './pointer.js';

/** A JSON Pointer as people write it: `/spec/urls/0/url` is `spec.urls[0].url`. */
export function formatPath(pointer: string): string {
  const path = parsePointer(pointer).reduce((text, token) => {
    if (/^\d+$/.test(token)) return `${text}[${token}]`;
    if (/^[\w-]+$/.test(token)) return text === '' ? token : `${text}.${token}`;
    return `${text}[${quoteName(token)}]`;
  }, '');
  return path === '' ? 'the document' : path;
}

/** A name out of a file, in quotes, cut short and without control characters. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

/** `"a", "b"`. */
export function listNames(names: readonly string[]): string {
  return names.map(quoteName).join(', ');
}

/** Names the type of a value, without showing it. */
export function describeValue(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'a map';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a number with a fraction';
  return describeType(typeof value);
}

/** A JSON Schema type in plain words. */
export function describeType(type: string): string {
  return TYPES[type] ?? type;
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};
