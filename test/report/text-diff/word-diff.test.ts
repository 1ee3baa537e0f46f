import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detail } from '../../../src/report/format/detail.js';
import type { DiffSegment } from '../../../src/report/text-diff/elide.js';
import { diffWords } from '../../../src/report/text-diff/word-diff.js';
import { plainMark, wordDiffLines } from '../../../src/report/text-diff/word-diff-lines.js';

const words = fc
  .array(fc.constantFrom('a', 'be', 'see', 'dog', ' ', '\n', ', ', '😀'), { maxLength: 60 })
  .map((segments) => segments.join(''));

/** The parts of a comparison. */
function compared(before: string, after: string, detail: Detail): DiffSegment[] | undefined {
  return diffWords(before, after, detail)?.shown;
}

function text(segments: DiffSegment[] | undefined, kinds: string[]): string | undefined {
  return segments
    ?.filter((part) => kinds.includes(part.kind))
    .map((part) => part.text)
    .join('');
}

describe('a comparison of words', () => {
  it('holds both texts when nothing is left out', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const segments = compared(before, after, 'full');
        if (segments === undefined) return;
        expect(text(segments, ['same', 'removed'])).toBe(before);
        expect(text(segments, ['same', 'added'])).toBe(after);
      }),
    );
  });

  it('joins neighbours that only a space parts', () => {
    const segments = compared('one two three four five six', 'one zwei drei four five six', 'full');
    expect(wordDiffLines(segments ?? [], 80, plainMark)).toEqual([
      'one [-two three-]{+zwei drei+} four five six',
    ]);
  });

  it('keeps the ends of what it leaves out', () => {
    const same = 'Lorem ipsum dolor sit amet. '.repeat(20).trim();
    const segments = compared(`first ${same} last`, `erste ${same} letzte`, 'short');
    expect(wordDiffLines(segments ?? [], 200, plainMark)).toEqual([
      '[-first-]{+erste+} Lorem ipsum dolor sit amet. Lorem … sit amet. Lorem ipsum dolor sit amet. [-last-]{+letzte+}',
    ]);
  });

  it('shows a long addition as one, however long it is', () => {
    const before = 'You are kind. You are quick.';
    const rules = Array.from({ length: 2000 }, (_, i) => `rule ${i}`).join(' ');
    const segments = compared(`${before.repeat(2000)} End.`, `${before.repeat(2000)} ${rules} End.`, 'full');
    expect(segments?.map((part) => part.kind)).toEqual(['same', 'added', 'same']);
    expect(text(segments, ['added'])).toContain('rule 1999');
  });

  it('does not cut words in two', () => {
    const segments = compared('There is one cat in my house', 'There is one catalogue in my house', 'full');
    expect(wordDiffLines(segments ?? [], 80, plainMark)).toEqual([
      'There is one [-cat-]{+catalogue+} in my house',
    ]);
  });

  it('gives up where it would be confetti or take too long', () => {
    expect(compared('alpha beta gamma', 'one two three', 'short')).toBeUndefined();
    const many = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i} x`).join(' ');
    expect(compared(many('a'), many('b'), 'short')).toBeUndefined();
  });

  it('wraps at the width without losing a word', () => {
    const before = 'the quick brown fox jumps over the lazy dog and runs away';
    const lines = wordDiffLines(compared(before, `${before} again`, 'full') ?? [], 20, plainMark);
    expect(lines.join(' ').match(/\w+/g)).toEqual([...before.split(' '), 'again']);
    expect(lines.join('\n')).toMatch(/^the quick brown.*\n {2}\w/);
    for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(20);
  });

  it('says that a changed stretch was cut, and never that unchanged text was left out', () => {
    const same = 'Lorem ipsum dolor sit amet. '.repeat(200);
    const rules = 'another rule '.repeat(300);
    const cuts = (before: string, after: string) =>
      (['short', 'whole', 'full'] as const).map((detail) => diffWords(before, after, detail)?.cut);
    expect(cuts(`first ${same} last`, `erste ${same} letzte`)).toEqual([false, false, false]);
    expect(cuts(same, `${same} ${rules}`)).toEqual([true, false, false]);
    expect(cuts(`${same} ${rules}`, same)).toEqual([true, false, false]);
    expect(text(compared(same, `${same} ${rules}`, 'whole'), ['added'])?.trim()).toBe(rules.trim());
    expect(text(compared(same, `${same} ${rules}`, 'whole'), ['same'])?.length).toBeLessThan(100);
  });
});
