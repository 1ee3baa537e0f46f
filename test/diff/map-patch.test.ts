import { describe, expect, it } from 'vitest';
import { applyMapPatch, diffMap, isEmptyPatch } from '../../src/diff/map-patch.js';

describe('a map that belongs to people', () => {
  it('is patched in declared keys only', () => {
    const patch = diffMap({ a: 1, b: 2 }, { b: 1, c: 'theirs' }, []);
    expect(patch).toEqual({ set: { a: 1, b: 2 }, removed: [] });
    expect(applyMapPatch({ b: 1, c: 'theirs' }, patch)).toEqual({ a: 1, b: 2, c: 'theirs' });
  });

  it('loses the keys that we applied and declare no longer', () => {
    expect(diffMap({ a: 1 }, { a: 1, old: 1, theirs: 1 }, ['a', 'old', 'gone'])).toEqual({
      set: {},
      removed: ['old'],
    });
    expect(diffMap(undefined, { a: 1, theirs: 1 }, ['a'])).toEqual({ set: {}, removed: ['a'] });
  });

  it('loses a key that is declared as null, if it is there', () => {
    expect(diffMap({ a: null, b: null }, { a: 1, b: null }, [])).toEqual({ set: {}, removed: ['a'] });
    expect(isEmptyPatch(diffMap({ a: null }, undefined, []))).toBe(true);
  });

  it('never differs in the mark', () => {
    expect(isEmptyPatch(diffMap({ mark: 'mine' }, { mark: 'ours' }, ['mark'], 'mark'))).toBe(true);
    expect(isEmptyPatch(diffMap({}, { mark: 'ours' }, ['mark'], 'mark'))).toBe(true);
  });

  it('takes no key for another one that every object has', () => {
    expect(diffMap({ constructor: 'a' }, {}, ['toString'])).toEqual({
      set: { constructor: 'a' },
      removed: [],
    });
  });
});
