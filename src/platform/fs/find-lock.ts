import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { type FileLabel, fileError } from './files.js';
import { readHolder } from './lock-file.js';
import { isElsewhere, isGone, type LockHolder } from './lock-holder.js';
import { describeHolder } from './take-lock.js';

/** A lock file that is there. */
export interface FoundLock {
  /** Its holder in a sentence. */
  holder: string;
  /** The holder is a process that can be seen from here, and runs. */
  alive: boolean;
  /** Removes this lock and no later one; false where it is gone already. Throws `DiagnosticError`. */
  remove(): boolean;
}

/** The lock file at `path`, if there is one. Throws `DiagnosticError`. */
export function findLock(path: string, label: FileLabel = {}): FoundLock | undefined {
  const found = readOrFail(path, label);
  if (found === 'gone') return undefined;
  const holder = found === 'unclear' ? undefined : found;
  return {
    holder: describeHolder(holder),
    alive:
      holder !== undefined && holder.host === hostname() && !isElsewhere(holder) && !isGone(path, holder),
    remove() {
      const now = readOrFail(path, label);
      if (now === 'gone' || tokenOf(now) !== tokenOf(found)) return false;
      try {
        rmSync(path, { force: true });
      } catch (error) {
        throw fileError('write', path, error, label);
      }
      return true;
    },
  };
}

function readOrFail(path: string, label: FileLabel): LockHolder | 'gone' | 'unclear' {
  try {
    return readHolder(path);
  } catch (error) {
    throw fileError('read', path, error, label);
  }
}

function tokenOf(found: LockHolder | 'unclear'): string | undefined {
  return found === 'unclear' ? undefined : found.token;
}
