import { describe, expect, it } from 'vitest';
import { canonicalUrl, sameValue } from '../../src/diff/compare-values.js';
import type { Json } from '../../src/model/json.js';
import type { Form } from '../../src/model/vendor.js';

describe('two URLs are one', () => {
  it.each([
    ['https://a.example.com/v1', 'https://a.example.com/v1/'],
    ['https://a.example.com', 'https://a.example.com/'],
    ['https://A.Example.com/v1', 'https://a.example.com/v1'],
    ['https://a.example.com:443/v1', 'https://a.example.com/v1'],
    ['http://a.example.com:80', 'http://a.example.com'],
    ['HTTPS://a.example.com/v1?x=1', 'https://a.example.com/v1/?x=1'],
  ])('%s and %s', (a, b) => {
    expect(canonicalUrl(a)).toBe(canonicalUrl(b));
    expect(sameValue('url', a, b)).toBe(true);
  });

  it.each([
    ['https://a.example.com/V1', 'https://a.example.com/v1'],
    ['https://a.example.com/v1?x=1', 'https://a.example.com/v1?x=2'],
    ['https://a.example.com:8443', 'https://a.example.com'],
    ['http://a.example.com', 'https://a.example.com'],
    ['https://a.example.com/v1', 'https://a.example.com'],
  ])('%s and %s are two', (a, b) => {
    expect(sameValue('url', a, b)).toBe(false);
  });

  it('leaves alone what is no URL', () => {
    expect(canonicalUrl('not a url/')).toBe('not a url/');
  });
});

describe('values that say the same', () => {
  it.each<[Form | undefined, Json | undefined, Json | undefined]>([
    [undefined, { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }],
    // A vendor mixes these for what is not there.
    [undefined, '', null],
    [undefined, {}, undefined],
    [undefined, [], null],
    ['set', ['a', 'b'], ['b', 'a']],
    ['set', ['a', 'a'], ['a']],
    ['set', [{ x: 1, y: 2 }], [{ y: 2, x: 1 }]],
    ['options', { a: 1 }, { a: 1, b: null, c: [], d: '' }],
    ['options', {}, { a: null }],
    ['endpoints', [{ url: 'https://a/' }], [{ url: 'https://a', region: 'default' }]],
    ['endpoints', [{ url: 'https://a' }, { url: 'https://b' }], [{ url: 'https://b' }, { url: 'https://a' }]],
  ])('as %s: %j and %j', (form, desired, live) => {
    expect(sameValue(form, desired, live)).toBe(true);
  });

  it.each<[Form | undefined, Json | undefined, Json | undefined]>([
    [undefined, 0, undefined],
    [undefined, false, null],
    [undefined, [1, 2], [2, 1]],
    [undefined, '1', 1],
    ['set', ['a'], ['a', 'b']],
    ['options', { a: 1 }, { a: 1, b: 2 }],
    ['options', { a: 0 }, {}],
    ['endpoints', [{ url: 'https://a', region: 'eu' }], [{ url: 'https://a' }]],
    ['endpoints', [{ url: 'https://a' }], [{ url: 'https://a' }, { url: 'https://b' }]],
  ])('do not as %s: %j and %j', (form, desired, live) => {
    expect(sameValue(form, desired, live)).toBe(false);
  });
});
