import type { Clock } from '../process/clock.js';

const TRIES = 4;
const LONGEST_WAIT_MS = 60_000;
const CAP_MS = 180_000;

/** How long one request may take with all its repetitions. */
export interface Deadline {
  /** Starts the clock, the first time, and says how long the next try may take; 0 when the time is over. */
  nextTry(): number;
  /** Tells if there is time left to wait so many milliseconds. */
  allows(ms: number): boolean;
}

/**
 * Room for four tries and for the longest wait that a vendor may ask for, but no more than three minutes; a single
 * try may always take all of the target's `timeout`. Waiting for the first turn does not count: behind a thousand
 * other requests that takes long, and nothing is wrong.
 */
export function createDeadline(timeoutMs: number, { now }: Pick<Clock, 'now'>): Deadline {
  const total = Math.max(timeoutMs, Math.min(CAP_MS, LONGEST_WAIT_MS + TRIES * timeoutMs));
  let end: number | undefined;
  return {
    nextTry() {
      end ??= now() + total;
      return Math.max(0, Math.min(timeoutMs, Math.ceil(end - now())));
    },
    allows: (ms) => end === undefined || now() + ms < end,
  };
}
