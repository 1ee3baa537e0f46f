import { describe, expect, it } from 'vitest';
import { rateLimitPauseMs, requestedWaitMs, retryAfterMs } from '../../../src/platform/http/rate-headers.js';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['seconds', '2', 2000],
    ['more than a minute', '3600', 60_000],
    ['an HTTP date', 'Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['a date that has passed', 'Thu, 01 Jan 2025 00:00:05 GMT', undefined],
    ['zero', '0', undefined],
    ['nonsense', 'soon', undefined],
    ['nothing', undefined, undefined],
  ])('understands %s', (_name, value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe('the end of the rate window', () => {
  it.each([
    ['LiveAvatar’s header', { 'x-ratelimit-reset': '1' }, 1000],
    ['Anam’s header', { 'ratelimit-reset': '12' }, 12_000],
    ['parts of a second', { 'x-ratelimit-reset': '0.25' }, 250],
    ['more than a minute', { 'ratelimit-reset': '3600' }, 60_000],
    ['a point in time', { 'x-ratelimit-reset': String(now / 1000 + 9) }, 9000],
    ['nonsense', { 'x-ratelimit-reset': 'soon' }, undefined],
    ['less than nothing', { 'x-ratelimit-reset': '-5' }, undefined],
    ['nothing', {}, undefined],
  ])('is waited for after a 429: %s', (_name, headers, expected) => {
    expect(requestedWaitMs({ status: 429, headers }, now)).toBe(expected);
    expect(rateLimitPauseMs({ status: 429, headers }, now)).toBe(expected);
  });

  it('counts less than Retry-After, and nothing after another failure', () => {
    const headers = { 'retry-after': '2', 'x-ratelimit-reset': '30' };
    expect(requestedWaitMs({ status: 429, headers }, now)).toBe(2000);
    expect(requestedWaitMs({ status: 503, headers: { 'x-ratelimit-reset': '30' } }, now)).toBeUndefined();
  });

  it.each([
    [
      'holds everything after the last request allowed',
      200,
      { 'ratelimit-remaining': '0', 'ratelimit-reset': '7' },
      7000,
    ],
    ['with the other spelling too', 201, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }, 7000],
    ['for a minute at most', 200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '900' }, 60_000],
    ['not while there are more', 200, { 'ratelimit-remaining': '1', 'ratelimit-reset': '7' }, undefined],
    ['not where nobody says how many', 200, { 'x-ratelimit-reset': '1' }, undefined],
    ['not where nobody says how long', 200, { 'ratelimit-remaining': '0' }, undefined],
    ['not after a failure', 500, { 'ratelimit-remaining': '0', 'ratelimit-reset': '7' }, undefined],
  ])('%s', (_name, status, headers, expected) => {
    expect(rateLimitPauseMs({ status, headers }, now)).toBe(expected);
  });
});
