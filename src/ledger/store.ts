import type { Ledger } from '../model/ledger.js';

/** Where a project remembers what it applied. Every method throws `DiagnosticError` with code `ledger`. */
export interface LedgerStore {
  /** The ledger as it is, or undefined when there is none yet. Needs no lock. */
  read(): Promise<Ledger | undefined>;
  /** The exclusive right to write; refused while another apply holds it. */
  lock(): Promise<LedgerLock>;
}

export interface LedgerLock {
  /** Resolves once the ledger is safe on disk, as passed or newer. Calls during a write share the next one. */
  save(ledger: Ledger): Promise<void>;
  /** Waits for what is being saved, then lets others in. May be called twice. */
  release(): Promise<void>;
}
