import { DiagnosticError, error } from '../../model/diagnostic.js';
import type { LedgerStore } from '../../model/ports.js';
import { createParentFolder, readTextIfPresent, writeFileAtomic } from '../../platform/fs/files.js';
import type { LockFile } from '../../platform/fs/lock-file.js';
import { takeLock } from '../../platform/fs/take-lock.js';
import { removeLeftovers } from '../../platform/fs/temporary-file.js';
import { systemClock } from '../../platform/process/clock.js';
import { formatLedger, parseLedger } from '../format.js';
import type { SavePace } from '../save-pace.js';
import { type SavedPlace, serializeSaves } from '../serialize-saves.js';

/**
 * A ledger kept in one file. `path` is absolute, `display` is what messages call it. Where the project's name
 * is given, a ledger of another project is refused.
 */
export function openFileLedger(path: string, display: string, project?: string): LedgerStore {
  const terms = { display, code: 'ledger' } as const;
  return {
    async read() {
      const text = await readTextIfPresent(path, terms);
      return text === undefined ? undefined : parseLedger(text, display, project);
    },
    async lock() {
      await createParentFolder(path, terms);
      const lock = lockLedger(path, display);
      removeLeftovers(path);
      const place: SavedPlace = {
        format: formatLedger,
        async write(text) {
          if (!lock.held()) throw lostLock(display);
          await writeFileAtomic(path, text, { ...terms, mode: 0o600 });
        },
        async release() {
          lock.release();
          return [];
        },
      };
      return serializeSaves(place, PACE, systemClock);
    },
  };
}

/** The whole file is written each time, which takes longer the more it holds: at most a fifth of a run goes there. */
const PACE: SavePace = { everyMs: 250, timesLast: 5, burst: 4 };

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
