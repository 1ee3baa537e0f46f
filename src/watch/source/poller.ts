import { addJitter, doubled } from '../../model/backoff.js';

/** Looks at something again and again. */
export interface Poller {
  /** Looks at once; while it is looking, once more afterwards. */
  now(): void;
  close(): Promise<void>;
}

export interface PollTask {
  /** Throws when there was nothing to see. */
  look(): Promise<void>;
  /** It failed three times in a row, or works again after that: a blip is not worth a word. */
  changed(): void;
}

/** Every interval, give or take 10 %. After failures the interval doubles, up to a quarter of an hour. */
export function createPoller(intervalMs: number, { look, changed }: PollTask, random = Math.random): Poller {
  let wanted = false;
  let wake: () => void = () => undefined;
  let closed = false;
  let failures = 0;

  /** Waits until a hint wakes the poller. */
  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The least time between two polls: hints come with every interval of every target. */
  async function pause(): Promise<void> {
    const gap = Math.min(SHORTEST_MS, intervalMs);
    const until = performance.now() + gap;
    while (!closed && performance.now() < until) await wait(until - performance.now());
    if (!wanted && !closed) await wait(pollDelayMs(failures, intervalMs, random()) - gap);
  }

  async function run(): Promise<void> {
    for (;;) {
      await pause();
      if (closed) return;
      wanted = false;
      try {
        await look();
        const was = failures;
        failures = 0;
        if (was >= WORTH_SAYING) changed();
      } catch {
        failures += 1;
        if (failures === WORTH_SAYING) changed();
      }
    }
  }

  const running = run();
  return {
    now() {
      wanted = true;
      wake();
    },
    async close() {
      closed = true;
      wake();
      await running;
    },
  };
}

const WORTH_SAYING = 3;
const SHORTEST_MS = 1000;
const LONGEST_MS = 15 * 60_000;

/** `random` is between 0 and 1. */
export function pollDelayMs(failures: number, intervalMs: number, random: number): number {
  return addJitter(doubled(intervalMs, failures, Math.max(LONGEST_MS, intervalMs)), random);
}
