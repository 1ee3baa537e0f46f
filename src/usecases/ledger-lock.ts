import { resolve } from 'node:path';
import { findFileLock, findGitLock } from '../ledger/index.js';
import type { Project } from '../model/project.js';
import { openGit } from '../platform/git/git.js';

/** The lock on a project's ledger, held or left behind. */
export interface LedgerLockFound {
  /** The holder in a sentence. */
  holder: string;
  /** The holder is a process of this machine, and runs. Of others it cannot be told. */
  alive: boolean;
  /** Removes this lock and no later one; false where it is gone already. Throws `DiagnosticError`. */
  remove(): Promise<boolean>;
}

/** Looks for it. Throws `DiagnosticError`. */
export async function findLedgerLock(
  { folder, ledger }: Project,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LedgerLockFound | undefined> {
  if (ledger.type === 'git') {
    const found = await findGitLock(openGit(folder, env), ledger);
    return found && { ...found, alive: false };
  }
  const found = await findFileLock(resolve(folder, ledger.path), ledger.path);
  return found && { ...found, remove: async () => found.remove() };
}
