import {
  decodeMapped,
  dropCounters,
  foldMapped,
  type MappedText,
  selectCharacters,
  toMappedText,
} from './folded-text.js';

/** Letters and digits alone. */
export const LETTERS = selectCharacters(/[a-z0-9]/i, /[\p{L}\p{N}]/u);
/** Everything but white space. */
export const VISIBLE = selectCharacters(/[!-~]/, /[^\s\p{C}\p{M}]/u);
export const ALL = selectCharacters(/./s, /./su);
/** The letters that remain where an encoding has lost all others. */
export const ASCII = selectCharacters(/[a-z0-9]/i, undefined);

/** The ways to look at a text: before and after escapes are taken out, by the characters that are looked at. */
export function viewsOf(text: string): MappedText[] {
  const plain = toMappedText(text);
  const meant = decodeMapped(plain);
  const views = (meant.text === plain.text ? [plain] : [plain, meant]).flatMap((source) => [
    ...[LETTERS, VISIBLE, ALL].map((view) => foldMapped(source, view)),
    ...(NOT_ASCII.test(source.text) ? [foldMapped(source, ASCII)] : []),
  ]);
  const uncounted = dropCounters(meant);
  return uncounted.text === meant.text ? views : [...views, foldMapped(uncounted, LETTERS)];
}

const NOT_ASCII = /[^ -~]/;
