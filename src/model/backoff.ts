/** `first`, doubled so many times, up to `most`: any unit of time. */
export function doubled(first: number, times: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(times, 30));
}

/** Anything up to a limit, so that those that failed together do not come back together. `random` is between 0 and 1. */
export function fullJitter(limitMs: number, random: number): number {
  return Math.round(limitMs * random);
}

/** An interval, give or take 10 %, so that those that started together do not stay together. `random` is between 0 and 1. */
export function addJitter(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random));
}
