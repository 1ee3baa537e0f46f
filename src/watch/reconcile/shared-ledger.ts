import { emptyLedger } from '../../ledger/index.js';
import type { Ledger } from '../../model/ledger.js';
import type { LedgerLock, LedgerStore } from '../../model/ports.js';

interface SharedLock {
  lock: LedgerLock;
  ledger: Ledger;
  holders: number;
  outcomes: string[];
}

/**
 * A store for several runs of one process at once: the first takes the lock and reads, the others work on the same
 * ledger in memory, each on its own target's objects, and the last one gives the lock back with what became of all.
 * Else an outage of one target while it is applied would keep every other one from writing.
 */
export function shareLedger(store: LedgerStore, project: string): LedgerStore {
  let held: Promise<SharedLock> | undefined;
  let releasing: Promise<unknown> | undefined;

  async function take(): Promise<SharedLock> {
    // A holder that left knows of it; it must not keep all others out for ever.
    await releasing?.catch(() => undefined);
    const lock = await store.lock();
    try {
      return {
        lock,
        ledger: (await store.read()) ?? emptyLedger(project),
        holders: 0,
        outcomes: [],
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async function join(): Promise<SharedLock> {
    const mine = held ?? take();
    held = mine;
    try {
      const found = await mine;
      // The last holder may have left in the meantime.
      if (held !== mine) return join();
      found.holders += 1;
      return found;
    } catch (error) {
      if (held === mine) held = undefined;
      throw error;
    }
  }

  async function leave(found: SharedLock, outcome: string | undefined) {
    if (outcome !== undefined) found.outcomes.push(outcome);
    found.holders -= 1;
    if (found.holders > 0) return [];
    held = undefined;
    const outcomes = found.outcomes.length === 0 ? undefined : joined(found.outcomes);
    const released = found.lock.release(outcomes);
    releasing = released;
    return released;
  }

  return {
    async read() {
      const mine = held;
      const found = await mine?.catch(() => undefined);
      return found !== undefined && held === mine ? found.ledger : store.read();
    },
    async lock() {
      const found = await join();
      let released: ReturnType<typeof leave> | undefined;
      return {
        // Any ledger that a holder passes is the one that all of them change.
        save: (_ledger, when) => found.lock.save(found.ledger, when),
        record: (run, changes) => found.lock.record?.(run, changes),
        release: (outcome) => {
          released ??= leave(found, outcome);
          return released;
        },
      };
    },
  };
}

/** One text for the log of a store that keeps one: the first subject, and all of them below. */
function joined(outcomes: readonly string[]): string {
  const [only] = outcomes;
  if (only !== undefined && outcomes.length === 1) return only;
  return `llmform watch: ${outcomes.length} applies at the same time\n\n${outcomes.join('\n')}`;
}
