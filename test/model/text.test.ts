import { describe, expect, it } from 'vitest';
import { onOneLine, printable, printableLines, replaceUnsafe } from '../../src/model/text.js';

// A line break, a colour, a C1 control, a soft hyphen, a zero-width space, a change of direction, a tag character.
const HOSTILE = ['\n', '\u001b', '\u009b', '\u00ad', '\u200b', '\u202e', '\u{e0041}', '\ud800'];

describe('text that is safe to show', () => {
  it.each(HOSTILE)('has no %j', (character) => {
    const text = `a${character}b`;
    expect(printable(text)).toMatch(/^a\\[\\{}a-z0-9]+b$/);
    expect(onOneLine(text)).toBe('a b');
    expect(replaceUnsafe(text, () => '_')).toBe('a_b');
  });

  it('keeps everything else as it is, joined emoji included', () => {
    const text = 'naïve 日本 👩‍🚀 "q" \\';
    expect(printable(text)).toBe(text);
    expect(onOneLine(text)).toBe(text);
  });

  it('keeps lines and tabs where there may be several lines', () => {
    expect(printableLines('a\tb\nc\u001b[1m')).toEqual(['a\tb', 'c\\u001b[1m']);
  });

  it('puts one space for several characters in a row', () => {
    expect(onOneLine('a\r\n\u200bb')).toBe('a b');
  });
});
