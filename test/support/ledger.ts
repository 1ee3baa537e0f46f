import { readFileSync, writeFileSync } from 'node:fs';
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

/** Dates all that a ledger file holds before any consistency window, so that what is not shown counts as gone at once. */
export function ageLedger(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/("at": ")20[^"]*(")/g, '$12026-01-01T00:00:00.000Z$2'));
}
