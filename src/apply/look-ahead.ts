/** How many creates may have a durable intent and not be sent yet: as many as the next second is likely to send. */
export interface LookAhead {
  size(): number;
  /** A write was answered. */
  answered(): void;
}

export interface LookAheadSettings {
  concurrency: number;
  requestsPerSecond: number;
  /** Milliseconds that the last save took. */
  saveMs(): number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

export function createLookAhead({
  concurrency,
  requestsPerSecond,
  saveMs,
  now,
}: LookAheadSettings): LookAhead {
  let begin: number | undefined;
  let count = 0;
  let before = 0;

  function perSecond(): number {
    if (begin === undefined) return 0;
    return (count * 1_000) / Math.max(now() - begin, SHORTEST_MS);
  }

  return {
    size() {
      const rate = Math.min(Math.max(before, perSecond()), requestsPerSecond);
      // While a save is on its way, what the last one made durable has to last.
      const seconds = (Math.max(1_000, saveMs()) + saveMs()) / 1_000;
      return Math.ceil(Math.max(concurrency, rate * seconds));
    },
    answered() {
      begin ??= now();
      count += 1;
      if (now() - begin < PERIOD_MS) return;
      before = perSecond();
      begin = now();
      count = 0;
    },
  };
}

/** Answers come in bursts: what a shorter time than this says would be far too much. */
const SHORTEST_MS = 100;
const PERIOD_MS = 500;
