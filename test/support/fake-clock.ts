import type { Calendar } from '../../src/platform/process/clock.js';

/** A clock on which every wait is over at once, and has been as long as it should. */
export interface FakeClock extends Calendar {
  waits: number[];
  /** How many times as long as asked for a wait takes, by this clock; default: 1. */
  stretch: number;
  advance(ms: number): void;
}

/** The date at the start of each clock. */
const START = Date.parse('2026-11-21T12:00:00Z');

export function fakeClock(): FakeClock {
  let time = 0;
  const waits: number[] = [];
  const clock: FakeClock = {
    waits,
    stretch: 1,
    now: () => time,
    date: () => START + time,
    advance(ms) {
      time += ms;
    },
    async sleep(ms, signal) {
      waits.push(ms);
      const until = time + ms * clock.stretch;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      time = Math.max(time, until);
    },
  };
  return clock;
}
