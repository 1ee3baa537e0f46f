import type { Clock } from '../process/clock.js';

/** No account is asked less often than this, unless its target declares less: a limit that ended has to be noticed. */
const SLOWEST_PER_SECOND = 0.5;
/** After a decrease, every second with an answer gives back this part of the declared rate. */
const RECOVERY_PER_SECOND = 0.1;

/** How often an account may be asked: at most the declared rate, and less after a 429 that does not say how long to wait. */
export interface Pace {
  /** Sets the declared rate. */
  setLimit(requestsPerSecond: number): void;
  /** Milliseconds until the next request may start; 0 or less: now. */
  msUntilNext(): number;
  /** Milliseconds until so many requests, one after the other, have started. */
  msToStart(requests: number): number;
  /** Tells whether the rate is below the declared one. */
  isSlowed(): boolean;
  /** Counts a request that starts now. Returns its number. */
  start(): number;
  /** Halves the rate, but only once for all requests that were sent before the last decrease. */
  slowDown(request: number): void;
  /** An answer without a 429: the rate grows back, step by step. */
  speedUp(): void;
}

/**
 * Additive increase, multiplicative decrease, within a sliding window of one second; below one request a second the
 * window grows instead. Fixed windows would let two bursts meet at their border, twice what the user allowed.
 */
export function createPace({ now }: Pick<Clock, 'now'>): Pace {
  let limit = 1;
  let rate = 1;
  let started = 0;
  let slowedAt = 0;
  let changedAt = Number.NEGATIVE_INFINITY;
  let starts: number[] = [];
  const burst = (perSecond: number) => Math.max(1, Math.floor(perSecond));

  return {
    setLimit(requestsPerSecond) {
      const wasFull = rate >= limit;
      limit = requestsPerSecond;
      rate = wasFull ? limit : Math.min(rate, limit);
    },
    msUntilNext() {
      const count = burst(rate);
      const first = starts.at(-count);
      return first === undefined ? 0 : Math.ceil(first + (count / rate) * 1000 - now());
    },
    msToStart: (requests) => (requests / rate) * 1000,
    isSlowed: () => rate < limit,
    start() {
      starts = [...starts.slice(1 - burst(limit) || starts.length), now()];
      started += 1;
      return started;
    },
    slowDown(request) {
      if (request <= slowedAt) return;
      rate = Math.max(Math.min(limit, SLOWEST_PER_SECOND), rate / 2);
      slowedAt = started;
      changedAt = now();
    },
    speedUp() {
      if (rate >= limit || now() - changedAt < 1000) return;
      rate = Math.min(limit, rate + limit * RECOVERY_PER_SECOND);
      changedAt = now();
    },
  };
}
