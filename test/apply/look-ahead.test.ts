import { describe, expect, it } from 'vitest';
import { createLookAhead } from '../../src/apply/look-ahead.js';

function open({ requestsPerSecond = 1_000, saveMs = 0 } = {}) {
  let time = 0;
  const settings = { concurrency: 4, requestsPerSecond, saveMs: () => saveMs, now: () => time };
  const lookAhead = createLookAhead(settings);
  const answer = (count: number, everyMs: number) => {
    for (let i = 0; i < count; i += 1) {
      lookAhead.answered();
      time += everyMs;
    }
  };
  return { lookAhead, answer };
}

describe('how many intents go ahead', () => {
  it('is what can be under way, as long as nothing was answered', () => {
    expect(open().lookAhead.size()).toBe(4);
  });

  it('is what a second sends, and no more than the target allows', () => {
    const fast = open();
    fast.answer(300, 10);
    expect(fast.lookAhead.size()).toBeGreaterThanOrEqual(100);
    expect(fast.lookAhead.size()).toBeLessThan(110);
    const limited = open({ requestsPerSecond: 20 });
    limited.answer(300, 10);
    expect(limited.lookAhead.size()).toBe(20);
  });

  it('lasts until a slow save is through', () => {
    const slow = open({ requestsPerSecond: 20, saveMs: 3_000 });
    slow.answer(300, 10);
    expect(slow.lookAhead.size()).toBe(120);
  });

  it('follows the target when it slows down', () => {
    const { lookAhead, answer } = open();
    answer(100, 10);
    answer(10, 200);
    expect(lookAhead.size()).toBeLessThan(10);
  });
});
