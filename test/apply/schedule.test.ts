import { describe, expect, it } from 'vitest';
import { schedule, type Task } from '../../src/apply/schedule.js';

const task = (id: string, dependsOn: string[] = [], lane = 'a'): Task => ({ id, dependsOn, lane });

const placesFor = (concurrency: number) => ({ concurrency, ahead: () => 1, onStall: () => undefined });

/** Runs tasks that take turns, and writes down what happened. */
async function run(tasks: Task[], failing: string[] = [], concurrency = 10) {
  const log: string[] = [];
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  await schedule(
    tasks,
    () => placesFor(concurrency),
    async ({ id, lane }) => {
      log.push(`start ${id}`);
      running.set(lane, (running.get(lane) ?? 0) + 1);
      most.set(lane, Math.max(most.get(lane) ?? 0, running.get(lane) ?? 0));
      await new Promise(setImmediate);
      running.set(lane, (running.get(lane) ?? 0) - 1);
      log.push(`end ${id}`);
      return !failing.includes(id);
    },
    ({ id }, because) => void log.push(`skip ${id} for ${because}`),
  );
  return { log, most: Object.fromEntries(most) };
}

describe('schedule', () => {
  it('runs a task after what it depends on, whatever the order it is given in', async () => {
    const { log } = await run([task('c', ['b']), task('a'), task('b', ['a'])]);
    expect(log).toEqual(['start a', 'end a', 'start b', 'end b', 'start c', 'end c']);
  });

  it('runs what does not depend on each other side by side', async () => {
    const { log } = await run([task('a'), task('b')]);
    expect(log.slice(0, 2)).toEqual(['start a', 'start b']);
  });

  it('skips what depends on a failure, and what depends on that, and nothing else', async () => {
    const { log } = await run([task('a'), task('b', ['a']), task('c', ['b']), task('d')], ['a']);
    expect(log).toContain('skip b for a');
    expect(log).toContain('skip c for b');
    expect(log).toContain('end d');
    expect(log.filter((line) => line.startsWith('start'))).toEqual(['start a', 'start d']);
  });

  it('waits for everything, also where a failure came first', async () => {
    const { log } = await run([task('a'), task('b'), task('c', ['a', 'b'])], ['a']);
    expect(log).toContain('end b');
    expect(log).toContain('skip c for a');
  });

  it('takes a dependency that is not among the tasks for done', async () => {
    expect((await run([task('a', ['elsewhere'])])).log).toEqual(['start a', 'end a']);
  });

  it.each([1, 2, 3])('keeps each lane within its concurrency of %i', async (concurrency) => {
    const tasks = ['a', 'b'].flatMap((lane) =>
      Array.from({ length: 6 }, (_, i) => task(`${lane}${i}`, [], lane)),
    );
    expect((await run(tasks, [], concurrency)).most).toEqual({ a: concurrency, b: concurrency });
  });

  it('runs a task once that many depend on', async () => {
    const { log } = await run([task('a'), ...['b', 'c', 'd'].map((id) => task(id, ['a']))]);
    expect(log.filter((line) => line === 'start a')).toHaveLength(1);
  });

  it('passes on what a task throws', async () => {
    const broken = schedule(
      [task('a')],
      () => placesFor(1),
      async () => Promise.reject(new Error('a bug')),
      () => undefined,
    );
    await expect(broken).rejects.toThrow('a bug');
  });

  it('does what is left of a task once its lane is idle, and only then what depends on it', async () => {
    const log: string[] = [];
    await schedule(
      [task('a'), task('after a', ['a']), task('b'), task('c'), task('other', [], 'b')],
      () => placesFor(1),
      async ({ id }) => {
        await new Promise(setImmediate);
        log.push(id);
        if (id !== 'a' && id !== 'b') return true;
        return async () => {
          log.push(`rest of ${id}`);
          return id === 'a';
        };
      },
      ({ id }) => void log.push(`skip ${id}`),
    );
    expect(log.filter((line) => line !== 'other')).toEqual([
      'a',
      'b',
      'c',
      'rest of a',
      'rest of b',
      'after a',
    ]);
  });
});
