import type { Ledger } from '../model/ledger.js';
import type { LedgerLock } from '../model/ports.js';

/** Writes one at a time; all saves asked for in the meantime go into one next write. */
export function serializeSaves(
  write: (ledger: Ledger) => Promise<void>,
  release: LedgerLock['release'],
): LedgerLock {
  let latest: Ledger;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let released = false;
  let saved: number | undefined;

  async function start(): Promise<void> {
    await running?.catch(() => undefined);
    next = undefined;
    // Formatted only now: an apply of 10,000 objects would otherwise format 10,000 ledgers.
    running = write(latest).then(() => {
      saved = latest.serial;
    });
    return running;
  }

  return {
    async save(ledger) {
      if (released) throw new Error('the ledger was saved after its lock was released');
      latest = ledger;
      next ??= start();
      return next;
    },
    savedSerial: () => saved,
    async release(outcome) {
      released = true;
      await next?.catch(() => undefined);
      await running?.catch(() => undefined);
      return release(outcome);
    },
  };
}
