import { randomUUID } from 'node:crypto';
import type { Ledger } from '../model/ledger.js';
import { randomBase64 } from '../platform/secrets/digest.js';

export { openFileLedger } from './file/file-ledger.js';
export { openGitLedger } from './git/git-ledger.js';
export type { GitPlace } from './git/place.js';

/** A ledger that remembers nothing yet, with a salt of its own. */
export function emptyLedger(project: string): Ledger {
  return {
    formatVersion: 2,
    project,
    lineage: randomUUID(),
    serial: 0,
    salt: randomBase64(16),
    targets: {},
    objects: {},
    intents: {},
  };
}
