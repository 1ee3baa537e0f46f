import { describe, expect, it } from 'vitest';
import { sameJson } from '../../src/model/json.js';
import { aspectsText, differingAspects } from '../../src/model/text-aspects.js';

describe('texts that read the same', () => {
  it.each([
    ['a\n', 'a', ['white-space']],
    [' a', 'a', ['white-space']],
    ['a\r\n', 'a', ['white-space']],
    ['a\r\nb', 'a\nb', ['line-ends']],
    ['a\rb', 'a\nb', ['line-ends']],
    ['Cafe\u0301', 'Caf\u00e9', ['composition']],
    ['Cafe\u0301\r\nau lait\r\n', 'Caf\u00e9\nau lait', ['white-space', 'line-ends', 'composition']],
    ['a\r\nb ', 'a\nb', ['white-space', 'line-ends']],
    [['a ', { text: 'b\n' }], ['a', { text: 'b' }], ['white-space']],
  ])('%j and %j differ in %j', (a, b, aspects) => {
    expect(differingAspects(a, b, sameJson)).toEqual(aspects);
    expect(differingAspects(b, a, sameJson)).toEqual(aspects);
  });

  it.each([
    ['a', 'a'],
    ['a', 'b'],
    ['a b', 'ab'],
    ['a\n\nb', 'a\nb'],
    ['a\u200bb', 'ab'],
    ['ﬁ', 'fi'],
    [1, 2],
    ['1', 1],
    [{ a: 'x' }, { 'a ': 'x' }],
    ['a', undefined],
  ])('%j and %j do not', (a, b) => {
    expect(differingAspects(a, b, sameJson)).toBeUndefined();
  });

  it('are found at once in texts that take long to compose', () => {
    const marks = '\u0301\u0323'.repeat(200_000);
    expect(differingAspects(`a${marks} `, `a${marks}`, sameJson)).toEqual(['white-space']);
    expect(differingAspects(`a${marks}`, `b${marks}`, sameJson)).toBeUndefined();
  });

  it('have their differences named in words', () => {
    expect(aspectsText(['white-space'])).toBe('white space at an end');
    expect(aspectsText(['white-space', 'line-ends', 'composition'])).toBe(
      'white space at an end, line ends and Unicode composition',
    );
  });
});
