import { describe, expect, it } from 'vitest';
import { addJitter } from '../../../src/model/backoff.js';
import type { Clock } from '../../../src/model/ports.js';
import { limitRun } from '../../../src/watch/schedule/run-limit.js';
import { createTimers } from '../../../src/watch/schedule/timers.js';
import { delayAfterRunMs, failureBackoffMs, firstRunDelayMs } from '../../../src/watch/schedule/timing.js';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('the interval', () => {
  it('is jittered by ten percent either way', () => {
    expect(addJitter(600_000, 0)).toBe(540_000);
    expect(addJitter(600_000, 0.5)).toBe(600_000);
    expect(addJitter(600_000, ALMOST_ONE)).toBe(660_000);
  });

  it('is waited for after everything but a failure that may pass', () => {
    for (const result of ['success', 'no_change', 'drift', 'terminal'] as const) {
      expect(delayAfterRunMs(result, 3, 600_000, 0.5)).toBe(600_000);
    }
    expect(delayAfterRunMs('error', 1, 600_000, 0.5)).toBe(500);
  });
});

describe('back-off', () => {
  it('doubles from 1 s to 15 min, with full jitter', () => {
    const limits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 5_000].map((n) => failureBackoffMs(n, 1) / 1000);
    expect(limits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    expect(failureBackoffMs(5, 0.25)).toBe(4_000);
  });

  it('is never a busy loop', () => {
    expect(failureBackoffMs(1, 0)).toBe(100);
  });
});

describe('the first run', () => {
  it('comes at once, and is spread where there are many targets', () => {
    expect(firstRunDelayMs(10, 600_000, ALMOST_ONE)).toBe(0);
    expect(firstRunDelayMs(11, 600_000, 0.5)).toBe(15_000);
    expect(firstRunDelayMs(11, 10_000, 0.5)).toBe(5_000);
  });
});

/** A clock that stands still until it is moved. */
function standing(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0;
  const sleepers = new Set<{ at: number; wake(): void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: () => resolve() };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(ms) {
      now += ms;
      for (const sleeper of [...sleepers].filter(({ at }) => at <= now)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('timers', () => {
  it('fire once each; a new one for a key takes the place of the old', async () => {
    const clock = standing();
    const timers = createTimers(clock);
    const fired: string[] = [];
    timers.set('a', 10, () => fired.push('a early'));
    timers.set('a', 20, () => fired.push('a'));
    timers.set('b', 10, () => fired.push('b'));
    timers.set('c', 10, () => fired.push('c'));
    timers.cancel('c');
    await clock.advance(10);
    expect(fired).toEqual(['b']);
    await clock.advance(10);
    expect(fired).toEqual(['b', 'a']);
    timers.set('d', 10, () => fired.push('d'));
    timers.close();
    await clock.advance(100);
    expect(fired).toEqual(['b', 'a']);
  });
});

describe("a run's limit", () => {
  it('stops the run, and cuts it off when its grace is over too', async () => {
    const clock = standing();
    const limit = limitRun(1000, clock, 200);
    await clock.advance(999);
    expect(limit.stop.aborted).toBe(false);
    await clock.advance(1);
    expect(limit.stop.reason).toMatchObject({ code: 'timeout' });
    expect(limit.cut.aborted).toBe(false);
    limit.interrupt('later than that');
    expect(limit.stop.reason).toMatchObject({ code: 'timeout' });
    await clock.advance(200);
    expect(limit.cut.aborted).toBe(true);
  });

  it('does nothing more once the run is over', async () => {
    const clock = standing();
    const limit = limitRun(1000, clock, 200);
    limit.interrupt('told to');
    expect(limit.stop.reason).toMatchObject({ code: 'interrupted', message: 'told to' });
    limit.end();
    await clock.advance(5000);
    expect(limit.cut.aborted).toBe(false);
  });
});
