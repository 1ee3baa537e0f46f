import { makeFolderOf, readTextIfAny, writeAtomic } from '../io/files.js';
import { DiagnosticError, error } from '../model/diagnostic.js';
import { formatLedger, parseLedger } from './format.js';
import { lockLedger } from './lock.js';
import { saving } from './saving.js';
import type { LedgerStore } from './store.js';

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
      return saving(
        async (ledger) => {
          if (!lock.held()) throw lostLock(display);
          await writeAtomic(path, formatLedger(ledger), { ...terms, mode: 0o600 });
        },
        async () => {
          lock.release();
          return [];
        },
      );
    },
  };
}

function lostLock(display: string): DiagnosticError {
  return new DiagnosticError(
    error('ledger', `the lock on ${display} was removed while this command ran`, {
      detail:
        'Another apply may have started since, so nothing more is recorded. Run `llmform plan` to see where things stand.',
      file: display,
    }),
  );
}
