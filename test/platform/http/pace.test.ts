import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../../src/platform/http/pace.js';
import { type FakeClock, fakeClock } from '../../support/fake-clock.js';

function paceOf(requestsPerSecond: number): { pace: Pace; clock: FakeClock } {
  const clock = fakeClock();
  const pace = createPace(clock);
  pace.setLimit(requestsPerSecond);
  return { pace, clock };
}

/** How many requests start within so many milliseconds when there is always one waiting. */
function startsWithin(ms: number, { pace, clock }: ReturnType<typeof paceOf>): number {
  const end = clock.now() + ms;
  let count = 0;
  for (;;) {
    const wait = Math.max(0, pace.msUntilNext());
    if (clock.now() + wait >= end) break;
    clock.advance(wait);
    pace.start();
    count += 1;
  }
  clock.advance(end - clock.now());
  return count;
}

describe('a 429 that does not say how long to wait', () => {
  it('halves the rate, and once for all requests that were sent before', () => {
    const { pace, clock } = paceOf(16);
    const sent = Array.from({ length: 8 }, () => pace.start());
    for (const request of sent) pace.slowDown(request);
    clock.advance(60_000);
    expect(startsWithin(10_000, { pace, clock })).toBe(80);
    pace.slowDown(pace.start());
    clock.advance(60_000);
    expect(startsWithin(10_000, { pace, clock })).toBe(40);
  });

  it('never slows down to less than one request in two seconds', () => {
    const { pace, clock } = paceOf(16);
    for (let i = 0; i < 50; i += 1) pace.slowDown(pace.start());
    clock.advance(60_000);
    expect(startsWithin(20_000, { pace, clock })).toBe(10);
  });

  it('does not make faster what is declared to be slower than that', () => {
    const { pace, clock } = paceOf(0.1);
    for (let i = 0; i < 5; i += 1) pace.slowDown(pace.start());
    clock.advance(600_000);
    expect(startsWithin(100_000, { pace, clock })).toBe(10);
  });
});

describe('answers', () => {
  it('bring the rate back by a tenth of what is declared for each second', () => {
    const { pace, clock } = paceOf(10);
    pace.slowDown(pace.start());
    const rates: number[] = [];
    for (let second = 0; second < 8; second += 1) {
      clock.advance(1000);
      // However many there are.
      for (let i = 0; i < 10; i += 1) pace.speedUp();
      rates.push(startsWithin(1000, { pace, clock }));
    }
    expect(rates).toEqual([6, 7, 8, 9, 10, 10, 10, 10]);
  });
});

describe('the declared rate', () => {
  it('holds at once when it changes, and a decrease outlasts that', () => {
    const { pace, clock } = paceOf(10);
    pace.setLimit(20);
    expect(startsWithin(10_000, { pace, clock })).toBe(200);
    pace.slowDown(pace.start());
    pace.setLimit(40);
    clock.advance(60_000);
    expect(startsWithin(10_000, { pace, clock })).toBe(100);
    pace.setLimit(4);
    clock.advance(60_000);
    expect(startsWithin(10_000, { pace, clock })).toBe(40);
  });
});
