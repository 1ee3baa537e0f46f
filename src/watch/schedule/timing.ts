import { addJitter, doubled, fullJitter } from '../../model/backoff.js';
import type { RunOutcome } from '../state/model.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 900_000;
/** Full jitter may say "now", and a row of those would be a busy loop. */
const SHORTEST_RETRY_MS = 100;

/** Up to so many targets all start at once. */
const AT_ONCE = 10;
/** Long enough to spread the load, short enough for a start to be seen to work. */
const START_SPREAD_MS = 30_000;

/** Full jitter: anything up to a limit that doubles with every failure in a row, from 1 s to 15 min. */
export function failureBackoffMs(failures: number, random: number): number {
  const limit = doubled(FIRST_RETRY_MS, failures - 1, LAST_RETRY_MS);
  return Math.max(SHORTEST_RETRY_MS, fullJitter(limit, random));
}

/** The wait after a run. An error that retrying cannot fix waits for the interval, or for a change of the project. */
export function delayAfterRunMs(
  result: RunOutcome,
  failures: number,
  intervalMs: number,
  random: number,
): number {
  return result === 'error' ? failureBackoffMs(failures, random) : addJitter(intervalMs, random);
}

/** When a target runs first: at once, and where there are many, at a random moment of their first half minute. */
export function firstRunDelayMs(targets: number, intervalMs: number, random: number): number {
  if (targets <= AT_ONCE) return 0;
  return fullJitter(Math.min(intervalMs, START_SPREAD_MS), random);
}
