import { fileError } from '../io/files.js';
import { acquireLock, type Holder, type LockFile } from '../io/lock-file.js';
import { DiagnosticError, error } from '../model/diagnostic.js';

/** Locks a ledger for one writer. Throws `DiagnosticError` when another apply holds it. */
export function lockLedger(path: string, display: string): LockFile {
  const file = `${display}.lock`;
  const result = attempt(`${path}.lock`, file);
  if ('lock' in result) return result.lock;
  throw new DiagnosticError(
    error('ledger', `another apply holds the ledger ${display}`, {
      detail: `${describe(result.holder)} If that process is gone, delete ${file} and run the command again.`,
      file: display,
    }),
  );
}

function attempt(path: string, display: string): ReturnType<typeof acquireLock> {
  try {
    return acquireLock(path);
  } catch (error) {
    throw fileError('write', path, error, { display, code: 'ledger' });
  }
}

function describe(holder: Holder | undefined): string {
  if (holder === undefined) return 'The lock file does not say which process.';
  return `It is process ${holder.pid} on ${holder.host}, since ${holder.since}.`;
}
