import type { Clock } from '../../src/platform/process/clock.js';

/** A clock on which every wait is over at once, and has been as long as it should. */
export interface FakeClock extends Clock {
  waits: number[];
  advance(ms: number): void;
}

export function fakeClock(): FakeClock {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    advance(ms) {
      time += ms;
    },
    async sleep(ms, signal) {
      waits.push(ms);
      const until = time + ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      time = Math.max(time, until);
    },
  };
}
