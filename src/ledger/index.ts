import { randomUUID } from 'node:crypto';
import type { Ledger } from '../model/ledger.js';
import { randomBase64 } from '../platform/secrets/digest.js';
import { markAsOwn } from './own-ledgers.js';

export { findFileLock, openFileLedger } from './file/file-ledger.js';
export { openGitLedger } from './git/git-ledger.js';
export { findGitLock } from './git/lock.js';
export type { GitPlace } from './git/place.js';
export { type LockWait, waitForLock } from './wait-for-lock.js';

/** A ledger that remembers nothing yet, with a salt of its own. */
export function emptyLedger(project: string): Ledger {
  return markAsOwn({
    formatVersion: 2,
    project,
    lineage: randomUUID(),
    serial: 0,
    salt: randomBase64(16),
    targets: {},
    objects: {},
    intents: {},
  });
}
