import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainMark, wordLines } from '../../src/report/word-lines.js';
import { diffText } from '../../src/report/words.js';

const words = fc
  .array(fc.constantFrom('a', 'be', 'see', 'dog', ' ', '\n', ', ', '😀'), { maxLength: 60 })
  .map((parts) => parts.join(''));

function text(parts: ReturnType<typeof diffText>, kinds: string[]): string | undefined {
  return parts
    ?.filter((part) => kinds.includes(part.kind))
    .map((part) => part.text)
    .join('');
}

describe('a comparison of words', () => {
  it('holds both texts when nothing is left out', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const parts = diffText(before, after, true);
        if (parts === undefined) return;
        expect(text(parts, ['same', 'removed'])).toBe(before);
        expect(text(parts, ['same', 'added'])).toBe(after);
      }),
    );
  });

  it('joins neighbours that only a space parts', () => {
    const parts = diffText('one two three four five six', 'one zwei drei four five six', true);
    expect(wordLines(parts ?? [], 80, plainMark)).toEqual(['one [-two three-]{+zwei drei+} four five six']);
  });

  it('keeps the ends of what it leaves out', () => {
    const same = 'Lorem ipsum dolor sit amet. '.repeat(20).trim();
    const parts = diffText(`first ${same} last`, `erste ${same} letzte`, false);
    expect(wordLines(parts ?? [], 200, plainMark)).toEqual([
      '[-first-]{+erste+} Lorem ipsum dolor sit amet. Lorem … sit amet. Lorem ipsum dolor sit amet. [-last-]{+letzte+}',
    ]);
  });

  it('shows a long addition as one, however long it is', () => {
    const before = 'You are kind. You are quick.';
    const rules = Array.from({ length: 2000 }, (_, i) => `rule ${i}`).join(' ');
    const parts = diffText(`${before.repeat(2000)} End.`, `${before.repeat(2000)} ${rules} End.`, true);
    expect(parts?.map((part) => part.kind)).toEqual(['same', 'added', 'same']);
    expect(text(parts, ['added'])).toContain('rule 1999');
  });

  it('does not cut words in two', () => {
    const parts = diffText('There is one cat in my house', 'There is one catalogue in my house', true);
    expect(wordLines(parts ?? [], 80, plainMark)).toEqual(['There is one [-cat-]{+catalogue+} in my house']);
  });

  it('gives up where it would be confetti or take too long', () => {
    expect(diffText('alpha beta gamma', 'one two three', false)).toBeUndefined();
    const many = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word}${i} x`).join(' ');
    expect(diffText(many('a'), many('b'), false)).toBeUndefined();
  });

  it('wraps at the width without losing a word', () => {
    const before = 'the quick brown fox jumps over the lazy dog and runs away';
    const lines = wordLines(diffText(before, `${before} again`, true) ?? [], 20, plainMark);
    expect(lines.join(' ').match(/\w+/g)).toEqual([...before.split(' '), 'again']);
    expect(lines.join('\n')).toMatch(/^the quick brown.*\n {2}\w/);
    for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(20);
  });
});
