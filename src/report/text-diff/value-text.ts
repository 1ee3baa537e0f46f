import { stringifyExact } from '../../model/exact-json.js';
import { isObject, type Json } from '../../model/json.js';
import { printable } from '../../model/text.js';

/** A text this long, or of several lines, is compared word by word. */
const LONG = 60;

/** Compact JSON on one line. */
export function compactValue(value: Json): string {
  return printable(stringifyExact(value));
}

/** A prompt, a description: text that is read as text. */
function isLongText(value: Json | undefined): value is string {
  return typeof value === 'string' && (value.length > LONG || value.includes('\n'));
}

/** Too much for one line. */
export function isLargeValue(value: Json | undefined): boolean {
  if (value === undefined) return false;
  return isLongText(value) || (typeof value === 'object' && compactValue(value).length > LONG);
}

/**
 * A value over several lines: text as a JSON string whose line breaks are real, everything else as indented JSON with sorted
 * keys. The quotes tell a text that looks like JSON from JSON.
 */
export function valueLines(value: Json): string[] {
  if (isLongText(value)) return quotedLines(value);
  return stringifyExact(sorted(value), 2).split('\n').map(printable);
}

function quotedLines(text: string): string[] {
  return `"${text.split('\n').map(escaped).join('\n')}"`.split('\n').map(printable);
}

function escaped(line: string): string {
  return JSON.stringify(line).slice(1, -1);
}

// Vendors and people order keys differently; a line diff must not show that.
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  // fromEntries defines members, so that a key such as __proto__ stays a key.
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
}
