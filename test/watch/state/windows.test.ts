import { describe, expect, it } from 'vitest';
import { isAnyOpen, nextOpening, toWindow } from '../../../src/watch/state/windows.js';

const HOUR = 3_600_000;
const berlin = (cron: string, hours: number) =>
  toWindow({ cron, durationMs: hours * HOUR, timeZone: 'Europe/Berlin' });
const at = (iso: string) => Date.parse(iso);
const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

describe('a window on weekdays from 9 to 17 in Berlin', () => {
  const office = berlin('0 9 * * 1-5', 8);

  it.each([
    ['2026-07-01T06:59:59Z', false], // Wednesday, summer: UTC+2
    ['2026-07-01T07:00:00Z', true],
    ['2026-07-01T14:59:59.999Z', true],
    ['2026-07-01T15:00:00Z', false],
    ['2026-01-14T07:00:00Z', false], // Wednesday, winter: UTC+1
    ['2026-01-14T08:00:00Z', true],
    ['2026-07-04T10:00:00Z', false], // Saturday
  ])('at %s is open: %s', (time, open) => {
    expect(office.isOpen(at(time))).toBe(open);
  });

  it('says when it opens next, over a weekend too', () => {
    expect(iso(office.opensAt?.(at('2026-07-03T16:00:00Z')))).toBe('2026-07-06T07:00:00.000Z');
    // While it is open: the next time after this one.
    expect(iso(office.opensAt?.(at('2026-07-01T07:00:00Z')))).toBe('2026-07-02T07:00:00.000Z');
  });

  it('says itself in words', () => {
    expect(office.text).toBe('0 9 * * 1-5 for 8 h (Europe/Berlin)');
  });
});

describe('when the clocks go forward (29 March 2026, 2:00 becomes 3:00)', () => {
  it('a window that would open in the gap opens right after it', () => {
    const window = berlin('30 2 * * *', 1);
    expect(iso(window.opensAt?.(at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
    expect(window.isOpen(at('2026-03-29T01:30:00Z'))).toBe(true);
    expect(window.isOpen(at('2026-03-29T02:00:00Z'))).toBe(false);
  });

  it('one over the gap lasts its real hours', () => {
    const window = berlin('0 1 * * *', 4);
    // 1:00 CET to 6:00 CEST by the wall clock.
    expect(window.isOpen(at('2026-03-29T00:00:00Z'))).toBe(true);
    expect(window.isOpen(at('2026-03-29T03:59:59Z'))).toBe(true);
    expect(window.isOpen(at('2026-03-29T04:00:00Z'))).toBe(false);
  });

  it('one on the day itself follows the new time', () => {
    expect(berlin('0 9 * * *', 1).isOpen(at('2026-03-29T07:00:00Z'))).toBe(true);
    expect(berlin('0 9 * * *', 1).isOpen(at('2026-03-29T08:00:00Z'))).toBe(false);
  });
});

describe('when the clocks go back (25 October 2026, 3:00 becomes 2:00)', () => {
  it('a window that opens in the hour that comes twice opens once, the first time', () => {
    const window = berlin('30 2 * * *', 0.5);
    expect(iso(window.opensAt?.(at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00.000Z');
    expect(iso(window.opensAt?.(at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00.000Z');
    expect(window.isOpen(at('2026-10-25T01:30:00Z'))).toBe(false);
  });

  it('one over the change lasts its real hours', () => {
    const window = berlin('0 1 * * *', 4);
    // 1:00 CEST to 4:00 CET by the wall clock.
    expect(window.isOpen(at('2026-10-25T02:59:59Z'))).toBe(true);
    expect(window.isOpen(at('2026-10-25T03:00:00Z'))).toBe(false);
  });
});

describe('several windows', () => {
  const night = berlin('0 22 * * *', 8);
  const noon = berlin('0 12 * * *', 1);

  it('are open when one of them is', () => {
    expect(isAnyOpen([night, noon], at('2026-07-01T02:00:00Z'))).toBe(true);
    expect(isAnyOpen([night, noon], at('2026-07-01T10:30:00Z'))).toBe(true);
    expect(isAnyOpen([night, noon], at('2026-07-01T12:00:00Z'))).toBe(false);
  });

  it('none at all is always', () => {
    expect(isAnyOpen([], 0)).toBe(true);
    expect(nextOpening([], 0)).toBeUndefined();
  });

  it('the first to open counts', () => {
    expect(iso(nextOpening([night, noon], at('2026-07-01T06:00:00Z')))).toBe('2026-07-01T10:00:00.000Z');
  });

  it('one that never ends overlaps with itself', () => {
    const always = berlin('0 0 * * *', 168);
    for (let hour = 0; hour < 400; hour += 7)
      expect(always.isOpen(at('2026-03-20T00:00:00Z') + hour * HOUR)).toBe(true);
  });
});
