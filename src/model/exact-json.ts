import { parse, stringify } from 'lossless-json';
import type { Json } from './json.js';

/**
 * The value of a JSON text, with integers that a `number` cannot hold as `bigint`: other people's values are sent back to
 * the vendor, and must not come back as others. Throws `SyntaxError`.
 */
export function parseExact(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (!holdsUnsafe(value)) return value;
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
}

/** Tells if a number that `JSON.parse` gave may have been another integer in the text. */
export function isUnsafe(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

/** JSON text of a value that may hold a `bigint`, which `JSON.stringify` refuses. */
export function stringifyExact(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // Few values hold one, so that all others are spared the slower way.
    if (error instanceof TypeError) return stringify(value, undefined, indent) ?? 'null';
    throw error;
  }
}

/** An integer that survives as a `number` stays one, so that equal values have one form. */
function parseNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) && String(value) !== text
    ? BigInt(text)
    : value;
}

function holdsUnsafe(value: Json): boolean {
  if (typeof value === 'number') return isUnsafe(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnsafe);
}
