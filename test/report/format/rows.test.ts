import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fencedBlock } from '../../../src/report/format/markdown.js';
import { breakText, columnsOf } from '../../../src/report/format/rows.js';

const text = fc
  .array(fc.constantFrom('a', 'word', ' ', '    ', '日', '🙂', '`', '\t', '+', '<!--'), { maxLength: 120 })
  .map((parts) => parts.join(''));

describe('a text in pieces', () => {
  it('is whole, and no piece is wider than it may be or ends within a character', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 40 }), (whole, width) => {
        const pieces = breakText(whole, width);
        expect(pieces.join('')).toBe(whole);
        for (const piece of pieces) {
          expect(columnsOf(piece)).toBeLessThanOrEqual(width);
          expect(piece).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
      }),
    );
  });

  it('is broken after a space where one is near', () => {
    expect(breakText('one two three', 9)).toEqual(['one two ', 'three']);
    expect(breakText('one\\ntwo\\nthree', 12)).toEqual(['one\\ntwo\\n', 'three']);
  });
});

describe('a block of code', () => {
  it.each(['+ ', '- ', '! ', '# ', '  '])(
    'has no row that runs out of sight, each with the sign %j',
    (sign) => {
      fc.assert(
        fc.property(text, (line) => {
          const [, ...rows] = fencedBlock('diff', [sign + line]).slice(0, -1);
          for (const row of rows) {
            expect(columnsOf(row)).toBeLessThanOrEqual(96);
            expect(row.startsWith(sign)).toBe(true);
          }
          const shown = rows.map((row, i) => row.slice(i === 0 ? 2 : 4)).join('');
          expect(shown).toBe(line.replaceAll('<!--', '\\u003c!--'));
        }),
      );
    },
  );
});
