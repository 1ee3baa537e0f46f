import type { SaveWhen } from '../model/ports.js';

/** How often a store may be written to. */
export interface SavePace {
  /** Milliseconds from the start of one save to the start of the next. */
  everyMs: number;
  /** That time is at least so many times as long as the last save took: a large ledger is saved less often. */
  timesLast: number;
  /** How many saves that a run waits for may follow each other at once, before they keep to that time as well. */
  burst: number;
}

/** Keeps saves apart. Times are milliseconds of one clock that never goes back. */
export interface SaveGate {
  /** How long a save has to wait still; 0 or less: it may start. */
  waitFor(when: SaveWhen, now: number): number;
  started(now: number): void;
  ended(now: number): void;
}

/** A token bucket: over a long run there are no more saves than one in each interval, and a few at the start. */
export function createSaveGate({ everyMs, timesLast, burst }: SavePace): SaveGate {
  let interval = everyMs;
  let lastStart = -Infinity;
  /** When the bucket is full again. */
  let fullAt = -Infinity;
  return {
    waitFor(when, now) {
      if (when === 'now') return 0;
      const startAt = when === 'soon' ? lastStart + interval : fullAt - (burst - 1) * interval;
      return startAt - now;
    },
    started(now) {
      lastStart = now;
      fullAt = Math.max(fullAt, now) + interval;
    },
    ended(now) {
      interval = Math.max(everyMs, timesLast * (now - lastStart));
    },
  };
}
