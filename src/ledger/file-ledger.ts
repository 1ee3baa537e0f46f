import { makeFolderOf, readTextIfAny, writeAtomic } from '../io/files.js';
import type { LockFile } from '../io/lock-file.js';
import { DiagnosticError } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import { formatLedger, parseLedger } from './format.js';
import { lockLedger } from './lock.js';
import type { LedgerLock, LedgerStore } from './store.js';

/**
 * A ledger kept in one file. `path` is absolute, `display` is what messages call it. Where the project's name
 * is given, a ledger of another project is refused.
 */
export function openFileLedger(path: string, display: string, project?: string): LedgerStore {
  const terms = { display, code: 'ledger' } as const;
  return {
    async read() {
      const text = await readTextIfAny(path, terms);
      return text === undefined ? undefined : parseLedger(text, display, project);
    },
    async lock() {
      await makeFolderOf(path, terms);
      const lock = lockLedger(path, display);
      return saving(lock, async (ledger) => {
        if (!lock.held()) throw lostLock(display);
        await writeAtomic(path, formatLedger(ledger), { ...terms, mode: 0o600 });
      });
    },
  };
}

/** Writes one at a time; whatever is asked for in the meantime goes into one next write. */
function saving(lock: LockFile, write: (ledger: Ledger) => Promise<void>): LedgerLock {
  let latest: Ledger;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let released = false;

  async function start(): Promise<void> {
    await running?.catch(() => undefined);
    next = undefined;
    // Formatted only now: an apply of 10,000 objects would otherwise format 10,000 ledgers.
    running = write(latest);
    return running;
  }

  return {
    async save(ledger) {
      if (released) throw new Error('the ledger was saved after its lock was released');
      latest = ledger;
      next ??= start();
      return next;
    },
    async release() {
      released = true;
      await next?.catch(() => undefined);
      await running?.catch(() => undefined);
      lock.release();
    },
  };
}

function lostLock(display: string): DiagnosticError {
  return new DiagnosticError({
    severity: 'error',
    code: 'ledger',
    summary: `The lock on ${display} was removed while this command ran`,
    detail:
      'Another apply may have started since, so nothing more is recorded. Run `llmform plan` to see where things stand.',
    file: display,
  });
}
