import type { Json } from './json.js';
import { isObject } from './json.js';
import { composed } from './text.js';

/** Something in which two texts can differ and still read the same: vendors rewrite it before they keep a text. */
export type TextAspect = 'white-space' | 'line-ends' | 'composition';

/**
 * The aspects in which two values differ, where they differ in nothing else; undefined for any other difference, and for
 * none.
 * @param same compares two values; of structures, every text in them is looked at
 */
export function differingAspects(
  a: Json | undefined,
  b: Json | undefined,
  same: (a: Json | undefined, b: Json | undefined) => boolean,
): readonly TextAspect[] | undefined {
  if (same(a, b) || !same(without(ALL, a), without(ALL, b))) return undefined;
  // The fewest that explain it: a text that lost its last CRLF differs in white space at an end alone.
  return SETS.find((aspects) => same(without(aspects, a), without(aspects, b)));
}

/** `white space at an end and line ends`. */
export function aspectsText(aspects: readonly TextAspect[]): string {
  const words = aspects.map((aspect) => WORDS[aspect]);
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' and ');
}

const WORDS: Readonly<Record<TextAspect, string>> = {
  'white-space': 'white space at an end',
  'line-ends': 'line ends',
  composition: 'Unicode composition',
};

const ALL: readonly TextAspect[] = ['white-space', 'line-ends', 'composition'];

/** Every set of aspects, smaller ones first. */
const SETS: readonly (readonly TextAspect[])[] = [
  ...ALL.map((one) => [one]),
  ...ALL.map((left) => ALL.filter((one) => one !== left)).reverse(),
  ALL,
];

const NEUTRAL: Readonly<Record<TextAspect, (text: string) => string>> = {
  'white-space': (text) => text.trim(),
  'line-ends': (text) => text.replace(/\r\n?/g, '\n'),
  composition: composed,
};

function without(aspects: readonly TextAspect[], value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return aspects.reduce((text, aspect) => NEUTRAL[aspect](text), value);
  if (Array.isArray(value)) return value.map((item) => without(aspects, item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, without(aspects, member) ?? null]),
  );
}
