import { describe, expect, it } from 'vitest';
import { pollDelayMs } from '../../../src/watch/source/poller.js';

describe('the pause between two looks', () => {
  it.each([
    [0, 0, 54_000],
    [0, 1, 66_000],
    [1, 0.5, 120_000],
    [3, 0.5, 480_000],
    [4, 0.5, 900_000],
    [1000, 0.5, 900_000],
  ])('after %i failures (random %d) of a minute is %i ms', (failures, random, ms) => {
    expect(pollDelayMs(failures, 60_000, random)).toBeCloseTo(ms);
  });

  it('is never shorter than the interval', () => {
    expect(pollDelayMs(9, 3_600_000, 0.5)).toBeCloseTo(3_600_000);
  });
});
