import { describe, expect, it } from 'vitest';
import { createWorkQueue, type WorkQueue } from '../../../src/watch/schedule/queue.js';

/** Work that goes on until it is told to end. */
function gates() {
  const started: string[] = [];
  const open: (() => void)[] = [];
  const work = (key: string, reason: string) => {
    started.push(`${key}:${reason}`);
    return new Promise<void>((resolve) => open.push(resolve));
  };
  return { started, work, finish: () => open.shift()?.() };
}

/** Lets everything that is due happen. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the work queue', () => {
  it('runs what is asked for several times in one go once, for the first reason', async () => {
    const { started, work } = gates();
    const queue = createWorkQueue(work);
    queue.add('a', 'files');
    queue.add('a', 'webhook');
    expect(queue.depth()).toBe(1);
    await turn();
    expect(started).toEqual(['a:files']);
    expect([queue.depth(), queue.isRunning('a'), queue.isWaiting('a')]).toEqual([0, true, false]);
  });

  it('asked for while it runs, runs exactly once more', async () => {
    const { started, work, finish } = gates();
    const queue = createWorkQueue(work);
    queue.add('a', '1');
    await turn();
    for (const reason of ['2', '3', '4']) queue.add('a', reason);
    expect(queue.depth()).toBe(1);
    await turn();
    expect(started).toEqual(['a:1']);
    finish();
    await turn();
    expect(started).toEqual(['a:1', 'a:2']);
    finish();
    await turn();
    expect(started).toHaveLength(2);
    expect(queue.isRunning('a')).toBe(false);
  });

  it('runs different keys side by side', async () => {
    const { started, work } = gates();
    const queue = createWorkQueue(work);
    for (const key of ['a', 'b', 'c']) queue.add(key, '1');
    await turn();
    expect(started).toEqual(['a:1', 'b:1', 'c:1']);
  });

  it('once closed takes nothing on, forgets what waits, and waits for what runs', async () => {
    const { started, work, finish } = gates();
    const queue = createWorkQueue(work);
    queue.add('a', '1');
    await turn();
    queue.add('a', '2');
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    queue.add('b', '1');
    await turn();
    expect(closed).toBe(false);
    finish();
    await closing;
    expect(started).toEqual(['a:1']);
  });

  it('tells of every move', async () => {
    const { work, finish } = gates();
    const moves: string[] = [];
    const queue: WorkQueue<string> = createWorkQueue(work, (key) =>
      moves.push(`${key} ${queue.isWaiting(key) ? 'waits' : queue.isRunning(key) ? 'runs' : 'rests'}`),
    );
    queue.add('a', '1');
    await turn();
    finish();
    await turn();
    expect(moves).toEqual(['a waits', 'a runs', 'a rests']);
  });
});
