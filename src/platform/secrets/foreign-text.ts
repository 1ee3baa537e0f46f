import { decodeMapped, foldMapped, foldText, type MappedText, toMappedText } from './folded-text.js';
import { looksRandom } from './random-text.js';
import { base64Forms } from './secret-forms.js';

const PLACEHOLDER = '(sensitive)';

/** The longest text that is searched; the rest is not shown. */
const LONGEST_SOURCE = 4_000;
const LONGEST = 300;

/** A part of a secret of this length is enough to be dropped. */
const SHARED = 8;

/** A shorter secret is in every text. */
const SHORTEST = 4;

/**
 * Words of others, such as a vendor's error message, on one line and without anything that may be a secret: every word
 * that has 8 characters in a row in common with a secret, in any case, cut, wrapped, with something in between, or
 * encoded; and every word that looks made by chance, because there are more secrets than we know. A text that was made to
 * get around this, by one who has the secret, can still spell it out in words.
 *
 * An `id` looks random by nature: it comes back whole, or not at all.
 */
export function sanitizeForeignText(
  source: string,
  secrets: Iterable<string>,
  kind: 'words' | 'id' = 'words',
): string {
  const text = oneLine(source.slice(0, LONGEST_SOURCE));
  if (text === '') return '';
  const dropped = new Uint8Array(text.length);
  const views = viewsOf(text);
  for (const secret of secrets) {
    for (const { keep, looks } of views) {
      const needles = needlesOf(secret, keep);
      for (const view of looks) for (const needle of needles) markNeedle(needle, view, dropped);
    }
  }
  for (const { 0: bytes, index } of text.matchAll(BYTES)) dropped.fill(1, index, index + bytes.length);
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
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Numbers of one byte in a row, as a buffer looks in JSON. */
const BYTES = /(?:\b\d{1,3}[,;\s]+){7,}\d{1,3}\b/g;

/** One way to look at the text, with all runs of 8 characters in it. */
interface TextView extends MappedText {
  runs: Map<string, number[]>;
}

/** By the characters that are looked at, the text before and after escapes are taken out. */
function viewsOf(text: string): { keep: RegExp; looks: TextView[] }[] {
  const plain = toMappedText(text);
  const meant = decodeMapped(plain);
  const sources = meant.text === plain.text ? [plain] : [plain, meant];
  return [LETTERS, VISIBLE, ALL].map((keep) => {
    const looks = sources.map((source) => {
      const view = foldMapped(source, keep);
      return { ...view, runs: runsIn(view.text) };
    });
    return { keep, looks };
  });
}

/** Letters and digits alone, everything but white space, and all there is. */
const LETTERS = /[\p{L}\p{N}]/u;
const VISIBLE = /[^\s\p{C}\p{M}]/u;
const ALL = /./su;

function runsIn(text: string): Map<string, number[]> {
  const runs = new Map<string, number[]>();
  for (let at = 0; at + SHARED <= text.length; at += 1) {
    const run = text.slice(at, at + SHARED);
    const places = runs.get(run);
    if (places === undefined) runs.set(run, [at]);
    else places.push(at);
  }
  return runs;
}

function markNeedle(needle: string, view: TextView, dropped: Uint8Array): void {
  for (let at = 0; at + SHARED <= needle.length; at += 1) {
    const run = needle.slice(at, at + SHARED);
    const places = view.runs.get(run);
    if (places === undefined) continue;
    for (const place of places) markPart(view, place, SHARED, dropped);
    // Marked for good: it need not be found again.
    view.runs.delete(run);
  }
  if (needle.length >= SHARED || needle.length < SHORTEST) return;
  for (let at = view.text.indexOf(needle); at !== -1; at = view.text.indexOf(needle, at + 1)) {
    markPart(view, at, needle.length, dropped);
  }
}

function needlesOf(secret: string, keep: RegExp): string[] {
  const meant = decodeMapped({ text: secret, starts: [], ends: [] }).text;
  const plain = [...new Set([secret, meant])].map((text) => foldText(text, keep));
  // As letters alone, a short secret of many signs would be in every text.
  if (keep !== LETTERS) return plain;
  const encoded = [Buffer.from(secret).toString('hex'), ...base64Forms(secret)];
  const all = [...plain, ...encoded.map((text) => foldText(text, keep))];
  return all.filter(({ length }) => length >= SHARED);
}

function markPart({ starts, ends }: MappedText, at: number, length: number, dropped: Uint8Array): void {
  for (let i = at; i < at + length; i += 1) dropped.fill(1, starts[i], ends[i]);
}

/** The words within a word, such as the parts of a sentence in JSON, each looked at by itself. */
function withoutRandom(word: string): string {
  return word.replace(/[A-Za-z0-9][\w+/=.~:-]*/g, (part) => {
    if (!looksRandom(part)) return part;
    const end = /[.:=-]*$/.exec(part)?.[0] ?? '';
    return PLACEHOLDER + end;
  });
}
