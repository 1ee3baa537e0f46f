import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createRateLimiter,
  NotSentError,
  type RateLimiter,
  type Share,
} from '../../../src/platform/http/rate-limit.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The budget of one connection, and of its account. */
function limiter(concurrency: number, requestsPerSecond: number): RateLimiter & Share {
  const account = createRateLimiter();
  return { ...account, ...account.join({ concurrency, requestsPerSecond }) };
}

/** Starts so many tasks and says how many have run. */
function start(count: number, budget: Pick<Share, 'run'>): () => number {
  let run = 0;
  for (let i = 0; i < count; i += 1) {
    budget
      .run(async () => {
        run += 1;
      })
      .catch(() => undefined);
  }
  return () => run;
}

describe('a budget', () => {
  it('allows a burst of one second, and in no second more than that', async () => {
    const run = start(25, limiter(100, 10));
    await vi.advanceTimersByTimeAsync(0);
    expect(run()).toBe(10);
    await vi.advanceTimersByTimeAsync(990);
    expect(run()).toBe(10);
    await vi.advanceTimersByTimeAsync(20);
    expect(run()).toBe(20);
    await vi.advanceTimersByTimeAsync(1000);
    expect(run()).toBe(25);
  });

  it('counts any second, not only whole ones', async () => {
    const budget = limiter(100, 10);
    start(1, budget);
    await vi.advanceTimersByTimeAsync(900);
    const run = start(30, budget);
    await vi.advanceTimersByTimeAsync(500);
    expect(run()).toBe(10);
  });

  it('takes less than one request a second', async () => {
    const run = start(3, limiter(4, 0.5));
    await vi.advanceTimersByTimeAsync(1900);
    expect(run()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(run()).toBe(2);
  });

  it('starts nothing while it is held, and goes on afterwards', async () => {
    const budget = limiter(4, 100);
    budget.hold(5000);
    budget.hold(1000);
    const run = start(2, budget);
    await vi.advanceTimersByTimeAsync(4990);
    expect(run()).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    expect(run()).toBe(2);
  });

  it('lets what is urgent go before what waits', async () => {
    const budget = limiter(1, 1);
    const order: string[] = [];
    const add = (name: string, urgent: boolean) => budget.run(async () => void order.push(name), urgent);
    const all = [add('first', false), add('second', false), add('urgent', true)];
    await vi.advanceTimersByTimeAsync(3000);
    await Promise.all(all);
    expect(order).toEqual(['first', 'urgent', 'second']);
  });

  it('drops what is waiting, and takes what comes later', async () => {
    const budget = limiter(1, 1);
    await budget.run(async () => undefined);
    const waiting = budget.run(async () => undefined);
    budget.drop();
    await expect(waiting).rejects.toBeInstanceOf(NotSentError);
    const later = budget.run(async () => 'later');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await later).toBe('later');
  });

  it('rejects what waits for a slowed rate once it is told to stop, and sends what need not wait', async () => {
    const budget = limiter(4, 4);
    await budget.run(async (request) => budget.slowDown(request));
    await budget.run(async (request) => budget.slowDown(request));
    const waiting = budget.run(async () => undefined);
    budget.stopWaiting();
    await expect(waiting).rejects.toBeInstanceOf(NotSentError);
    await expect(budget.run(async () => undefined)).rejects.toBeInstanceOf(NotSentError);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await budget.run(async () => 'at once')).toBe('at once');
  });

  it('rejects what is waiting when it closes, and whatever comes later', async () => {
    const budget = limiter(1, 1);
    await budget.run(async () => undefined);
    const waiting = budget.run(async () => undefined);
    budget.leave(new Error('the connection was closed'));
    await expect(waiting).rejects.toThrow('closed');
    await expect(budget.run(async () => undefined)).rejects.toThrow('closed');
  });
});
