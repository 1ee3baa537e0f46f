import { load } from 'js-yaml';
import { isObject, type Json } from '../../model/json.js';
import { coreSchema } from './core-schema.js';
import { isForbiddenKey, isPlainNumber } from './limits.js';

/**
 * The value of one plain document, or undefined where the exact reader must decide: anything rare, anything the two
 * readers could see differently, and everything that is wrong.
 */
export function readFast(text: string): Json | undefined {
  if (ODD.test(text)) return undefined;
  try {
    const value = load(text, { schema: coreSchema, onWarning: giveUp });
    if (value === undefined) return null;
    return (isObject(value) || value === null) && isPlain(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Anchors, aliases, tags, explicit keys, tabs, line breaks other than LF and CRLF, blocks of text with an indentation
 * of their own or that keep their last line breaks, content right after `---`, empty items, `#` glued to a word, collections as keys. It may hit harmless text, such as Markdown in a prompt: that costs time and
 * nothing else.
 */
const ODD = new RegExp(
  [
    /(?:^|[\s,[\]{}:])(?:!|[&*]\S|\?(?:\s|$))/,
    /[\t\u0085\u2028\u2029\uFEFF]|\r(?!\n)/,
    /[|>](?:-?[0-9]|\+)/,
    /(?:^|\n)---(?! *(?:\r?\n|$)| +#)/,
    /(?:^|[\s-])-(?= *(?:\r?\n|$)| +#)/,
    /["'[\]{},:]#|[\]}]\s*:/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
);

function giveUp(warning: unknown): never {
  throw warning;
}

function isPlain(value: unknown): value is Json {
  if (typeof value === 'number') return isPlainNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  // `null` may come from a key that is missing, `<<` merges: both are for the exact reader.
  for (const [key, member] of Object.entries(value)) {
    if (key === 'null' || key === '<<' || isForbiddenKey(key) || !isPlain(member)) return false;
  }
  return true;
}
