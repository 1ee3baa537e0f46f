import { describe, expect, it } from 'vitest';
import { type SavedPlace, serializeSaves } from '../../src/ledger/serialize-saves.js';
import { fakeClock } from '../support/fake-clock.js';
import { numbered } from '../support/git-repository.js';

const PACE = { everyMs: 250, timesLast: 5, burst: 3 };

/** A place that says when it was written to. A write takes so long. */
function open({ writeMs = 10 } = {}) {
  const clock = fakeClock();
  const writes: { at: number; text: string }[] = [];
  const place: SavedPlace = {
    format: (ledger) => ledger.objects['t/LLM/n']?.id ?? '',
    count: async (_ledger, text) => text,
    async write(text) {
      writes.push({ at: clock.now(), text });
      clock.advance(writeMs);
    },
    release: async () => [],
  };
  return { lock: serializeSaves(place, PACE, clock), clock, writes, gaps: () => gapsOf(writes) };
}

function gapsOf(writes: readonly { at: number }[]): number[] {
  return writes.slice(1).map(({ at }, i) => at - (writes[i]?.at ?? 0));
}

describe('saves that the run goes on beside', () => {
  it('are kept apart, and the first comes at once', async () => {
    const { lock, writes, gaps } = open();
    for (let n = 1; n <= 5; n += 1) await lock.save(numbered(n), 'soon');
    expect(writes[0]?.at).toBe(0);
    expect(gaps()).toEqual([250, 250, 250, 250]);
  });

  it('are further apart when they take long', async () => {
    const { lock, gaps } = open({ writeMs: 200 });
    for (let n = 1; n <= 3; n += 1) await lock.save(numbered(n), 'soon');
    expect(gaps()).toEqual([1000, 1000]);
  });

  it('go into one write with what is asked for in the meantime', async () => {
    const { lock, writes } = open();
    await lock.save(numbered(0), 'soon');
    await Promise.all([1, 2, 3].map((n) => lock.save(numbered(n), 'soon')));
    expect(writes.map(({ text }) => text)).toEqual(['0', '3']);
  });
});

describe('saves that the run waits for', () => {
  it('may follow each other a few times, and keep to the pace from then on', async () => {
    const { lock, gaps } = open();
    for (let n = 1; n <= 7; n += 1) await lock.save(numbered(n), 'stalled');
    expect(gaps().slice(0, 2)).toEqual([10, 10]);
    expect(gaps().slice(3)).toEqual([250, 250, 250]);
  });

  it('end the wait of one that was not urgent', async () => {
    const { lock, writes } = open();
    await lock.save(numbered(1), 'soon');
    await Promise.all([lock.save(numbered(2), 'soon'), lock.save(numbered(3), 'stalled')]);
    expect(writes[1]).toEqual({ at: 10, text: '3' });
  });
});

describe('the end of a run', () => {
  it('waits for nothing but the write', async () => {
    const { lock, writes } = open();
    for (let n = 1; n <= 4; n += 1) await lock.save(numbered(n));
    expect(writes.map(({ at }) => at)).toEqual([0, 10, 20, 30]);
    const last = lock.save(numbered(5), 'soon');
    await lock.release();
    await last;
    expect(writes.at(-1)).toEqual({ at: 40, text: '5' });
  });

  it('does not write again what is there', async () => {
    const { lock, writes } = open();
    await lock.save(numbered(1), 'soon');
    await lock.save(numbered(1));
    expect(writes).toHaveLength(1);
  });
});
