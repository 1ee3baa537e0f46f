import { describe, expect, it } from 'vitest';
import {
  onOneLine,
  printable,
  printableLines,
  replaceUnsafe,
  visibleComposition,
} from '../../src/model/text.js';

// A line break, a colour, a C1 control, a soft hyphen, a zero-width space, a change of direction, a tag character.
const HOSTILE = [
  '\ufe00',
  '\ufe0f',
  '\u{e0100}',
  '\u3164',
  '\u115f',
  '\uffa0',
  '\u034f',
  '\u17b4',
  '\u2800',
  '\u200d',
  '\n',
  '\u001b',
  '\u009b',
  '\u00ad',
  '\u200b',
  '\u202e',
  '\u{e0041}',
  '\ud800',
  '\u00a0',
  '\u202f',
  '\u2007',
  '\u2009',
  '\u2066',
];

describe('text that is safe to show', () => {
  it.each(HOSTILE)('has no %j', (character) => {
    const text = `a${character}b`;
    expect(printable(text)).toMatch(/^a\\[\\{}a-z0-9]+b$/);
    expect(onOneLine(text)).toBe('a b');
    expect(replaceUnsafe(text, () => '_')).toBe('a_b');
  });

  it('keeps everything else as it is, joined emoji included', () => {
    const text = 'naïve 日本\u3000語 👩‍🚀 ❤️ 👩🏽‍💻 🏳️‍🌈 1️⃣ نامه‌ای क्‍ष "q" \\';
    expect(printable(text)).toBe(text);
    expect(onOneLine(text)).toBe(text);
  });

  it('has nothing unseen behind an emoji or a letter', () => {
    expect(printable('🙂\ufe0f\ufe0fx')).toBe('🙂\ufe0f\\ufe0fx');
    expect(printable('🙂\u{e0101}\u200d\u200d!a\u200d\u200c')).toBe(
      '🙂\\u{e0101}\\u200d\\u200d!a\\u200d\\u200c',
    );
  });

  it('keeps lines and tabs where there may be several lines', () => {
    expect(printableLines('a\tb\nc\u001b[1m')).toEqual(['a\tb', 'c\\u001b[1m']);
  });

  it('shows where a character is made of several that are usually one', () => {
    expect(visibleComposition('Cafe\u0301 Caf\u00e9')).toBe('Cafe\\u0301 Caf\u00e9');
    expect(visibleComposition('\u1112\u1161\u11ab \ud55c')).toBe('\\u1112\\u1161\\u11ab \ud55c');
    expect(visibleComposition('\u212b क्‍ष q\u0323')).toBe('\\u212b क्‍ष q\u0323');
  });

  it('puts one space for several characters in a row', () => {
    expect(onOneLine('a\r\n\u200bb')).toBe('a b');
  });
});
