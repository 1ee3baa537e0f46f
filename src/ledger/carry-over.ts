import { randomUUID } from 'node:crypto';
import type { Ledger } from '../model/ledger.js';

/** What an llmform before format 2 wrote: the same entries, and nothing that tells one copy from another. */
export interface LedgerV1 extends Omit<Ledger, 'formatVersion' | 'lineage' | 'serial' | 'targets'> {
  formatVersion: 1;
}

/** A ledger of format 1 in today's. It keeps its salt, so that every digest stays what it is. */
export function carryOver(stored: LedgerV1): Ledger {
  return {
    ...stored,
    formatVersion: 2,
    lineage: randomUUID(),
    serial: 0,
    targets: {},
    carriedFrom: 1,
  };
}
