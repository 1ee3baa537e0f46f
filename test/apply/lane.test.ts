import { describe, expect, it } from 'vitest';
import { createLane, type Turn } from '../../src/apply/lane.js';

/** Work that goes away once, until it is let back. */
function open(concurrency: number, ahead: number) {
  const log: string[] = [];
  const waiting = new Map<string, () => void>();
  const lane = createLane({ concurrency, ahead: () => ahead, onStall: () => log.push('stall') });
  const start = (name: string) =>
    lane.run(async ({ away }: Turn) => {
      log.push(`start ${name}`);
      await away(() => new Promise<void>((resolve) => waiting.set(name, resolve)));
      log.push(`back ${name}`);
    });
  const turn = () => new Promise(setImmediate);
  return { log, waiting, lane, start, turn };
}

describe('a lane', () => {
  it('starts new work in the place of what is away, up to a number', async () => {
    const { log, waiting, start, turn } = open(1, 2);
    const all = ['a', 'b', 'c'].map(start);
    await turn();
    expect(log.filter((line) => line !== 'stall')).toEqual(['start a', 'start b']);
    for (const name of ['a', 'b']) waiting.get(name)?.();
    await turn();
    expect(log.filter((line) => line !== 'stall')).toEqual([
      'start a',
      'start b',
      'back a',
      'back b',
      'start c',
    ]);
    waiting.get('c')?.();
    await Promise.all(all);
  });

  it('says once all work is away, and is idle once none is left', async () => {
    const { log, waiting, lane, start, turn } = open(2, 2);
    await lane.onIdle();
    const all = ['a', 'b'].map(start);
    const idle = lane.onIdle().then(() => log.push('idle'));
    await turn();
    await turn();
    expect(log).toContain('stall');
    waiting.get('a')?.();
    await turn();
    expect(log).not.toContain('idle');
    waiting.get('b')?.();
    await Promise.all([...all, idle]);
    expect(log.at(-1)).toBe('idle');
  });

  it('takes work back also when what it waited for failed', async () => {
    const { lane } = open(1, 1);
    const failing = lane.run(({ away }) => away(() => Promise.reject(new Error('no'))));
    await expect(failing).rejects.toThrow('no');
    expect(await lane.run(async () => 'next')).toBe('next');
  });
});
