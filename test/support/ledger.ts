import type { Ledger } from '../../src/model/ledger.js';

/** A ledger that remembers nothing but what a test cares about. */
export function ledgerOf(more: Partial<Ledger> = {}): Ledger {
  return {
    formatVersion: 2,
    project: 'tests',
    lineage: '6b1f0e0c-3f0d-4c55-9a0e-2f1f3c1d7a10',
    serial: 0,
    salt: 'c2FsdHNhbHRzYWx0c2FsdA==',
    targets: {},
    objects: {},
    intents: {},
    ...more,
  };
}
