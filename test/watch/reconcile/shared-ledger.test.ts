import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/model/ledger.js';
import type { LedgerStore } from '../../../src/model/ports.js';
import { shareLedger } from '../../../src/watch/reconcile/shared-ledger.js';

/** A store in memory that says what was done with it. */
function memoryStore() {
  const events: string[] = [];
  let kept: string | undefined;
  const faults = { lock: 0, save: 0, release: 0 };
  const store: LedgerStore = {
    async read() {
      events.push('read');
      return kept === undefined ? undefined : (JSON.parse(kept) as Ledger);
    },
    async lock() {
      await undefined;
      if (faults.lock > 0) {
        faults.lock -= 1;
        throw new Error('held by another');
      }
      events.push('lock');
      return {
        async save(ledger) {
          if (faults.save > 0) {
            faults.save -= 1;
            throw new Error('no space');
          }
          kept = JSON.stringify(ledger);
          events.push('save');
        },
        async release(outcome) {
          await undefined;
          if (faults.release > 0) {
            faults.release -= 1;
            throw new Error('read-only');
          }
          events.push(`release ${outcome?.split('\n')[0] ?? '-'}`);
          return [];
        },
      };
    },
  };
  return { store, events, faults };
}

const entry = (id: string) => ({ vendor: 'anam', id, applied: {} });

describe('a shared ledger', () => {
  it('is locked by the first, worked on by all, and given back by the last', async () => {
    const { store, events } = memoryStore();
    const shared = shareLedger(store, 'shop');
    const [one, two] = await Promise.all([shared.lock(), shared.lock()]);
    const [mine, theirs] = [await shared.read(), await shared.read()];
    expect(mine).toBe(theirs);
    if (mine === undefined) throw new Error('no ledger');
    mine.objects['a/LLM/x'] = entry('1');
    await one.save(mine);
    await one.release('first');
    mine.objects['b/LLM/x'] = entry('2');
    await two.save(mine);
    await two.release('second');
    await two.release('again');
    expect(events).toEqual([
      'lock',
      'read',
      'save',
      'save',
      'release llmform watch: 2 applies at the same time',
    ]);
    expect(Object.keys((await shared.read())?.objects ?? {})).toEqual(['a/LLM/x', 'b/LLM/x']);
  });

  it('is locked and read anew after the last one left', async () => {
    const { store, events } = memoryStore();
    const shared = shareLedger(store, 'shop');
    const first = await shared.lock();
    const releasing = first.release('done');
    const second = await shared.lock();
    await releasing;
    await second.release();
    expect(events).toEqual(['lock', 'read', 'release done', 'lock', 'read', 'release -']);
  });

  it('that another process holds fails all who wait for it, and can be had later', async () => {
    const { store, faults } = memoryStore();
    const shared = shareLedger(store, 'shop');
    faults.lock = 1;
    const both = await Promise.allSettled([shared.lock(), shared.lock()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await (await shared.lock()).release();
  });

  it('that could not be given back can be had later', async () => {
    const { store, faults } = memoryStore();
    const shared = shareLedger(store, 'shop');
    faults.release = 1;
    await expect((await shared.lock()).release()).rejects.toThrow('read-only');
    await (await shared.lock()).release();
  });

  it('that could not be saved is saved whole the next time', async () => {
    const { store, faults } = memoryStore();
    const shared = shareLedger(store, 'shop');
    const lock = await shared.lock();
    const ledger = await shared.read();
    if (ledger === undefined) throw new Error('no ledger');
    faults.save = 1;
    ledger.objects['a/LLM/x'] = entry('1');
    await expect(lock.save(ledger)).rejects.toThrow('no space');
    await lock.save(ledger);
    await lock.release();
    expect((await store.read())?.objects).toHaveProperty('a/LLM/x');
  });
});
