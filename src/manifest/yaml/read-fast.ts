import { load } from 'js-yaml';
import { isObject, type Json } from '../../model/json.js';
import { coreSchema } from './core-schema.js';
import { isForbiddenKey, isPlainNumber, oddSpaceAround } from './limits.js';
import { readJson } from './read-json.js';

/**
 * The value of one plain document, or undefined where the exact reader must decide: anything rare, anything the two
 * readers could see differently, and everything that is wrong.
 */
export function readFast(text: string): Json | undefined {
  const json = readJson(text);
  if (json !== undefined) return isPlain(json) ? json : undefined;
  if (ODD.test(text)) return undefined;
  try {
    const value = load(text, { schema: coreSchema, onWarning: giveUp });
    if (value === undefined) return null;
    return (isObject(value) || value === null) && isPlain(value) ? copied(value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is rare, what the two readers could see differently, and what is wrong. It may hit harmless text, such as Markdown in
 * a prompt: that costs time and nothing else. The `---` that begins a document is harmless, and must not be hit: the exact
 * reader takes forty times the memory.
 */
const ODD = new RegExp(
  [
    // Tags, anchors, aliases, explicit keys.
    /(?:^|[\s,[\]{}:])(?:!|[&*]\S|\?(?:\s|$))/,
    // Tabs, and line breaks other than LF and CRLF.
    /[\t\u0085\u2028\u2029\uFEFF]|\r(?!\n)/,
    // Blocks of text with an indentation of their own, or that keep their last line breaks.
    /[|>](?:-?[0-9]|\+)/,
    // Content right after `---`.
    /(?:^|\n)---(?! *(?:\r?\n|$)| +#)/,
    // Empty items.
    /(?:^|[\s-])(?<!(?:^|\n)--)-(?= *(?:\r?\n|$)| +#)/,
    // `#` glued to a word, collections as keys.
    /["'[\]{},:]#|[\]}]\s*:/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
);

function giveUp(warning: unknown): never {
  throw warning;
}

/**
 * The strings of the parser are views of the document's text, and keep all of it in memory, or are put together of a piece for
 * each line; its lists and maps have room for more members. A copy takes a third of the memory.
 */
function copied(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

function isPlain(value: unknown): value is Json {
  // A copy would lose the sign of a negative zero.
  if (typeof value === 'number') return isPlainNumber(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  // `null` may come from a key that is missing, `<<` merges: both are for the exact reader.
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) {
    if (key === 'null' || key === '<<' || isForbiddenKey(key) || oddSpaceAround(key)) return false;
    if (!isPlain(members[key])) return false;
  }
  return true;
}
