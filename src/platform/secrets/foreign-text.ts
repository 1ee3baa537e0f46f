import type { MappedText } from './folded-text.js';
import { looksRandom } from './random-text.js';
import { createRunSet, type RunSet } from './run-set.js';
import { encodedForms, type SecretParts } from './secret-parts.js';
import { viewsOf } from './text-views.js';

const PLACEHOLDER = '(sensitive)';

/** As much as is looked at; of the rest nothing is shown. */
export const LONGEST_SOURCE = 4_000;
const LONGEST = 300;

/** The kind of a foreign text, and the text that it answers. */
export interface ForeignContext {
  /** An `id` looks random by nature: it comes back whole, or not at all. Default: `words`. */
  kind?: 'words' | 'id' | undefined;
  /** The text that it answers, such as a request, which it may quote. */
  said?: (() => string) | undefined;
}

/**
 * Words of others, such as a vendor's error message, on one line and without anything that may be a secret. Dropped is
 *
 * - every word with a part of a secret, in any case, cut, wrapped, with something in between, or encoded;
 * - every word that looks made by chance, because there are more secrets than we know;
 * - every text that is spelled out in single characters or numbers, because there are too many ways to do that;
 * - while there is a secret that may be found by trying, every word of what was `said`. Its author could list guesses there,
 *   and see which of them is dropped.
 *
 * A text that was made to get around this, by one who has the secret, can still spell it out in words.
 */
export function sanitizeForeignText(
  source: string,
  parts: Pick<SecretParts, 'sets' | 'shortestGuess'>,
  { kind = 'words', said }: ForeignContext = {},
): string {
  const text = oneLine(source.slice(0, LONGEST_SOURCE));
  if (text === '') return '';
  const dropped = new Uint8Array(text.length);
  const quoted = said === undefined ? undefined : quotedParts(said, parts.shortestGuess);
  for (const view of viewsOf(text)) {
    for (const [length, set] of parts.sets) markRuns(view, set, length, dropped);
    if (quoted !== undefined) markRuns(view, quoted.set, quoted.length, dropped);
  }
  markSpelledOut(text, dropped);
  if (kind === 'id') return dropped.includes(1) ? '' : text;
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const known = dropped.subarray(index, index + word.length).includes(1);
    return known ? PLACEHOLDER : withoutRandom(word);
  });
  const shown = words.filter((word, i) => word !== PLACEHOLDER || words[i - 1] !== PLACEHOLDER).join(' ');
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 1)}…` : shown;
}

/** Control and format characters go before anything is compared: they would stand between the letters of a secret. */
function oneLine(text: string): string {
  return text
    .replace(TERMINAL, '')
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A sequence that a terminal acts upon, all of it: what is left without its first character looks like text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const TERMINAL = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g;

function quotedParts(
  said: () => string,
  length: number | undefined,
): { set: RunSet; length: number } | undefined {
  if (length === undefined) return undefined;
  const set = createRunSet();
  const text = said();
  for (const view of viewsOf(text)) set.addRuns(view.text, length);
  for (const encoded of encodedForms(text)) set.addRuns(encoded, length);
  return { set, length };
}

function markRuns(
  { text, starts, ends }: MappedText,
  set: RunSet,
  length: number,
  dropped: Uint8Array,
): void {
  for (let at = 0; at + length <= text.length; at += 1) {
    if (!set.hasRun(text, at, length)) continue;
    // Drop the characters in between as well.
    dropped.fill(1, starts[at], ends[at + length - 1]);
  }
}

/** So many in a row spell something out. */
const MANY = 8;

/** Single characters, pairs of them, and numbers of any base, each with its label or without one. */
function markSpelledOut(text: string, dropped: Uint8Array): void {
  const tokens = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ 0: token, index }) => ({ token, index }));
  const counts = new Map<string, number>();
  for (const { token } of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const isLabel = ({ token }: { token: string }) => (counts.get(token) ?? 0) >= MANY;
  let run: typeof tokens = [];
  const close = () => {
    const [first, last] = [run[0], run.at(-1)];
    const spelled = run.filter((one) => !isLabel(one)).length;
    // Sentences that are repeated are labels for the most part.
    const isSpelled = spelled >= MANY && spelled * 2 >= run.length - 2;
    if (first !== undefined && last !== undefined && isSpelled) {
      dropped.fill(1, first.index, last.index + last.token.length);
    }
    run = [];
  };
  for (const one of tokens) {
    if (!SPELLED.test(one.token) && !isLabel(one)) close();
    else run.push(one);
  }
  close();
}

const SPELLED = /^(?:.{1,2}|(?:0[xob])?[0-9a-f]{1,8})$/iu;

/** The words within a word, such as the parts of a sentence in JSON, each looked at by itself. */
function withoutRandom(word: string): string {
  return word.replace(/[A-Za-z0-9][\w+/=.~:-]*/g, (part) => {
    if (!looksRandom(part)) return part;
    const end = /[.:=-]*$/.exec(part)?.[0] ?? '';
    return PLACEHOLDER + end;
  });
}
