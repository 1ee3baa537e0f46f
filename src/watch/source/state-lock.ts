import { join } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { fileError } from '../../platform/fs/files.js';
import { acquireLock, type LockFile } from '../../platform/fs/lock-file.js';

/** Keeps a second watch out of a state folder. Throws `DiagnosticError`. */
export function lockStateFolder(stateDir: string): LockFile {
  const path = join(stateDir, 'lock');
  let taken: ReturnType<typeof acquireLock>;
  try {
    taken = acquireLock(path);
  } catch (error) {
    throw fileError('write', path, error);
  }
  if ('lock' in taken) return taken.lock;
  const { holder } = taken;
  const who =
    holder === undefined ? '' : ` It is process ${holder.pid} on ${holder.host}, since ${holder.since}.`;
  throw new DiagnosticError(
    error('usage', `another llmform watch uses the folder ${stateDir}`, {
      detail: `Give each its own with --state-dir.${who} If that process is gone, delete ${path}.`,
    }),
  );
}
