import { join } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import type { LockFile } from '../../platform/fs/lock-file.js';
import { describeLockHolder, takeLock } from '../../platform/fs/take-lock.js';

/** The watch that uses a state folder, in a sentence; undefined where none runs. */
export function describeRunningWatch(stateDir: string): string | undefined {
  return describeLockHolder(join(stateDir, 'lock'));
}

/** Keeps a second watch out of a state folder. Throws `DiagnosticError`. */
export function lockStateFolder(stateDir: string): LockFile {
  const path = join(stateDir, 'lock');
  const taken = takeLock(path);
  if ('lock' in taken) return taken.lock;
  throw new DiagnosticError(
    error('usage', `another llmform watch uses the folder ${stateDir}`, {
      detail: `Give each its own with --state-dir. ${taken.heldBy} If that process is gone, delete ${path}.`,
    }),
  );
}
