import { DiagnosticError, error } from '../../model/diagnostic.js';
import type { LedgerStore } from '../../model/ports.js';
import { createParentFolder, readTextIfPresent, writeFileAtomic } from '../../platform/fs/files.js';
import type { LockFile } from '../../platform/fs/lock-file.js';
import { takeLock } from '../../platform/fs/take-lock.js';
import { removeLeftovers } from '../../platform/fs/temporary-file.js';
import { formatNext, parseLedger } from '../format.js';
import { serializeSaves } from '../serialize-saves.js';
import { openHistoryLog, readHistoryLog } from './history-log.js';

/** A ledger kept in one file. `path` is absolute, `display` is what messages call it. */
export function openFileLedger(path: string, display: string): LedgerStore {
  const terms = { display, code: 'ledger' } as const;
  return {
    async read() {
      const text = await readTextIfPresent(path, terms);
      return text === undefined ? undefined : parseLedger(text, display);
    },
    async lock() {
      await createParentFolder(path, terms);
      const lock = lockLedger(path, display);
      removeLeftovers(path);
      const history = openHistoryLog(path, display);
      const saving = serializeSaves(
        async (ledger) => {
          if (!lock.held()) throw lostLock(display);
          const text = formatNext(ledger);
          // All that this text holds is recorded by now: after a kill, the history knows what the ledger knows.
          await history.flush();
          await writeFileAtomic(path, text, { ...terms, mode: 0o600 });
        },
        async () => {
          const warnings = lock.held() ? await history.end() : [];
          lock.release();
          return warnings;
        },
      );
      return { ...saving, record: history.record };
    },
    history: () => readHistoryLog(path, display),
  };
}

function lockLedger(path: string, display: string): LockFile {
  const file = `${display}.lock`;
  const taken = takeLock(`${path}.lock`, { display: file, code: 'ledger' });
  if ('lock' in taken) return taken.lock;
  throw new DiagnosticError(
    error('ledger', `another apply holds the ledger ${display}`, {
      detail: `${taken.heldBy} If that process is gone, delete ${file} and run the command again.`,
      file: display,
    }),
  );
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
