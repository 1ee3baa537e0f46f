import { DiagnosticError, error } from '../../model/diagnostic.js';
import { fileError } from '../../platform/fs/files.js';
import { acquireLock, type LockFile, type LockHolder } from '../../platform/fs/lock-file.js';

/** Locks a ledger for one writer. Throws `DiagnosticError` when another apply holds it. */
export function lockLedger(path: string, display: string): LockFile {
  const file = `${display}.lock`;
  const result = tryLock(`${path}.lock`, file);
  if ('lock' in result) return result.lock;
  throw new DiagnosticError(
    error('ledger', `another apply holds the ledger ${display}`, {
      detail: `${describeHolder(result.holder)} If that process is gone, delete ${file} and run the command again.`,
      file: display,
    }),
  );
}

function tryLock(path: string, display: string): ReturnType<typeof acquireLock> {
  try {
    return acquireLock(path);
  } catch (error) {
    throw fileError('write', path, error, { display, code: 'ledger' });
  }
}

function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'The lock file does not say which process.';
  return `It is process ${holder.pid} on ${holder.host}, since ${holder.since}.`;
}
