import { stringifyExact } from '../../model/exact-json.js';
import { replaceUnsafe } from '../../model/text.js';

/**
 * Pretty-printed JSON with a newline at the end. Characters that a terminal could act upon are written as `\u` escapes,
 * which JSON readers turn back: a document on stdout is often looked at with bare eyes.
 */
export function formatJson(document: unknown): string {
  return `${replaceUnsafe(stringifyExact(document, 2), escapeUnits)}\n`;
}

/** The line breaks are those of the layout: JSON.stringify escapes those inside strings, where alone the others stand. */
function escapeUnits(character: string): string {
  if (character === '\n') return character;
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
