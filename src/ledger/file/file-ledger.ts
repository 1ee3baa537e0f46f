import { basename, dirname } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { LedgerHeldError } from '../../model/ledger-held-error.js';
import type { LedgerStore } from '../../model/ports.js';
import {
  createParentFolder,
  type FileLabel,
  fileError,
  readTextIfPresent,
  writeFileAtomic,
} from '../../platform/fs/files.js';
import { requireInside } from '../../platform/fs/inside-folder.js';
import { followLinks } from '../../platform/fs/link-target.js';
import type { LockFile } from '../../platform/fs/lock-file.js';
import { takeLock } from '../../platform/fs/take-lock.js';
import { removeLeftovers } from '../../platform/fs/temporary-file.js';
import { systemClock } from '../../platform/process/clock.js';
import { countSave, formatLedger, parseLedger } from '../format.js';
import type { SavePace } from '../save-pace.js';
import { type SavedPlace, serializeSaves } from '../serialize-saves.js';
import { openHistoryLog, readHistoryLog } from './history-log.js';

/**
 * A ledger kept in one file. `path` is absolute, `display` is what messages call it. Where `root` is given, a path that leaves
 * that folder through links is refused.
 */
export function openFileLedger(path: string, display: string, root?: string): LedgerStore {
  const terms = { display, code: 'ledger' } as const;
  return {
    async read() {
      if (root !== undefined) await requireInside(path, root, terms);
      const text = await readTextIfPresent(path, terms);
      return text === undefined ? undefined : parseLedger(text, display);
    },
    async lock() {
      if (root !== undefined) await requireInside(path, root, terms);
      const place = await findPlace(path, terms);
      await createParentFolder(place, terms);
      const lock = lockLedger(place, place === path ? `${display}.lock` : `${place}.lock`, display);
      removeLeftovers(place);
      const history = openHistoryLog(path, display);
      const saved: SavedPlace = {
        format: formatLedger,
        count: countSave,
        async write(text) {
          if (!lock.held()) throw lostLock(display);
          // All that this text holds is recorded by now: after a kill, the history knows what the ledger knows.
          await history.flush();
          await writeFileAtomic(place, text, { ...terms, mode: 0o600 });
        },
        async release() {
          const warnings = lock.held() ? await history.end() : [];
          lock.release();
          return warnings;
        },
      };
      return { ...serializeSaves(saved, PACE, systemClock), record: history.record };
    },
    history: () => readHistoryLog(path, display),
  };
}

/** The whole file is written each time, which takes longer the more it holds: at most a fifth of a run goes there. */
const PACE: SavePace = { everyMs: 250, timesLast: 5, burst: 4 };

/** A ledger that is reached by several paths has one lock: beside the file that they all lead to. */
async function findPlace(path: string, terms: FileLabel): Promise<string> {
  try {
    const place = await followLinks(path);
    // A folder above the project may be a link too, which leads everyone the same way.
    return (await followLinks(dirname(path))) === dirname(place) && basename(place) === basename(path)
      ? path
      : place;
  } catch (error) {
    throw fileError('write', path, error, terms);
  }
}

function lockLedger(path: string, file: string, display: string): LockFile {
  const taken = takeLock(`${path}.lock`, { display: file, code: 'ledger' });
  if ('lock' in taken) return taken.lock;
  const wayOut = `If that process is gone, delete ${file} and run the command again.`;
  const finding = error('ledger', `another apply holds the ledger ${display}`, {
    detail: `${taken.heldBy} Wait for it with --lock-timeout. ${wayOut}`,
    file: display,
  });
  throw new LedgerHeldError(finding, taken.heldBy);
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
