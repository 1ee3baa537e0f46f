import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact, stringifyExact } from '../../src/model/exact-json.js';
import { canonicalJson, sameJson } from '../../src/model/json.js';

describe('JSON with integers of any size', () => {
  it.each([
    '9007199254740993',
    '-12345678901234567890',
    '[1,{"a":[123456789012345678901234567890]}]',
    '{"__proto__":9007199254740993,"b":"1234567890123456"}',
  ])('comes back as it was: %s', (text) => {
    const value = parseExact(text);
    expect(stringifyExact(value)).toBe(text);
    expect(canonicalJson(value)).toBe(text);
    expect(parseExact(stringifyExact(value, 2))).toEqual(value);
  });

  it('comes back as it was, whatever the integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), (integer) => stringifyExact(parseExact(`[${integer}]`)) === `[${integer}]`),
    );
  });

  it('has one form for each value', () => {
    expect(parseExact('[9007199254740991,1e20,100000000000000000000,0.5]')).toEqual([
      9007199254740991, 1e20, 1e20, 0.5,
    ]);
    expect(sameJson(parseExact('[9007199254740993]'), parseExact('[9007199254740993]'))).toBe(true);
    expect(sameJson(parseExact('[9007199254740993]'), parseExact('[9007199254740992]'))).toBe(false);
  });

  it('reads everything else as JSON.parse does, the last of two equal keys included', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const twice = `{"a":1,"a":[${text},9007199254740993]}`;
        expect(Object(parseExact(twice)).a[0]).toEqual(JSON.parse(text));
      }),
    );
    expect(() => parseExact('[9007199254740993')).toThrow(SyntaxError);
  });
});
