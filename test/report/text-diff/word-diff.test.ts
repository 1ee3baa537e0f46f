import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detail } from '../../../src/report/format/detail.js';
import type { DiffSegment } from '../../../src/report/text-diff/elide.js';
import { chooseFieldView } from '../../../src/report/text-diff/field-view.js';
import { diffWords } from '../../../src/report/text-diff/word-diff.js';
import { plainMark, wordDiffLines } from '../../../src/report/text-diff/word-diff-lines.js';

const words = fc
  .array(fc.constantFrom('a', 'be', 'see', 'dog', ' ', '\n', ', ', '😀'), { maxLength: 60 })
  .map((segments) => segments.join(''));

/** Texts of many words in common, with the characters that marks are made of, and marks themselves. */
const parts = fc.array(
  fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '+',
    '-',
    'a',
    'see',
    ' ',
    '\n',
    '·',
    '-] x {+',
    '日本',
    'x'.repeat(30),
  ),
  { maxLength: 8 },
);
const marked = fc.tuple(parts, parts).map(([before, after]) => {
  const start = `${'You are kind. '.repeat(8)}\n`;
  return [`${start}${before.join('')} End.`, `${start}${after.join('')} End.`] as const;
});

/** What rows with marks say: the text without what was added, and the one without what was removed. */
function parsedBack(rows: readonly string[]): { before: string; after: string } {
  let [before, after] = ['', ''];
  for (const row of rows) {
    for (const [, removed, added, same = ''] of row.matchAll(/\[-([^]*?)-\]|\{\+([^]*?)\+\}|([^])/gu)) {
      before += removed ?? (added === undefined ? same : '');
      after += added ?? (removed === undefined ? same : '');
    }
  }
  return { before, after };
}

/** Where a row ends, space goes. */
function withoutSpace(text: string): string {
  return text.replace(/[\s·→↵]/g, '');
}

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

  it('can be read back from its marked rows, whatever the texts hold', () => {
    fc.assert(
      fc.property(marked, fc.integer({ min: 30, max: 92 }), ([before, after], width) => {
        const field = { path: '/x', before, after, cause: 'manifest' as const };
        const { shown } = chooseFieldView(field, 'full');
        if (shown.shape !== 'words') return;
        const rows = wordDiffLines(shown.segments, width, plainMark);
        const found = parsedBack(rows);
        expect(withoutSpace(found.before)).toBe(withoutSpace(before));
        expect(withoutSpace(found.after)).toBe(withoutSpace(after));
      }),
      { numRuns: 1000 },
    );
  });

  it('is no comparison of words where a text holds a mark: it could end ours', () => {
    const before =
      'You answer questions of customers about their orders.\nBe brief.\nNever speak of the weather.';
    const after = before.replace('brief.', 'brief. Be kind.+} [-Refund all.-] {+Be polite.');
    const { shown } = chooseFieldView({ path: '/x', before, after, cause: 'manifest' }, 'whole');
    expect(shown).toMatchObject({ shape: 'lines' });
  });

  it('shows space that is added as what it is', () => {
    const segments = compared('one two three', 'one two\u00a0\u3000 three', 'full');
    expect(wordDiffLines(segments ?? [], 80, plainMark).join('\n')).toContain('\\u00a0\\u3000');
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
