import type { Diagnostic } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';

/** The store of a project's ledger. Every method throws `DiagnosticError` with code `ledger`. */
export interface LedgerStore {
  /** The ledger as it is, or undefined when there is none yet. Needs no lock. */
  read(): Promise<Ledger | undefined>;
  /** The exclusive right to write; refused while another apply holds it. */
  lock(): Promise<LedgerLock>;
}

export interface LedgerLock {
  /** Resolves once the ledger is safe where it is kept, as passed or newer. Calls during a write share the next one. */
  save(ledger: Ledger): Promise<void>;
  /**
   * Waits for what is being saved, then lets others in. May be called twice. `outcome` says what became of the
   * apply, for a store that keeps a log. Never throws: what was saved is safe, so what remains to be said is
   * returned as warnings.
   */
  release(outcome?: string): Promise<Diagnostic[]>;
}
