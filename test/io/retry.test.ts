import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/io/answer.js';
import { backoffMs, replyWithRetries, retryAfterMs } from '../../src/io/retry.js';

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

  it('is waited for', async () => {
    const replies: Reply[] = [
      { status: 429, headers: { 'retry-after': '7' }, text: '' },
      { status: 503, headers: { 'retry-after': '8' }, text: '' },
      { status: 200, headers: {}, text: '{}' },
    ];
    const waits: number[] = [];
    const reply = await replyWithRetries(async () => replies.shift() as Reply, {
      pause: async (ms) => void waits.push(ms),
    });
    expect(reply.status).toBe(200);
    expect(waits).toEqual([7000, 8000]);
  });
});

describe('backing off', () => {
  it('doubles its limit, up to a cap, and stays below two seconds in all', () => {
    expect([0, 1, 2, 10].map((retry) => backoffMs(retry, 1))).toEqual([200, 400, 800, 5000]);
    expect(backoffMs(5, 0)).toBe(0);
  });
});
