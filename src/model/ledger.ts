import type { Address } from './address.js';

/** What we remember of one object between runs. Holds no secret and no field value, only digests. */
export interface LedgerEntry {
  vendor: string;
  id: string;
  /** JSON Pointer of a field or map key -> digest of the value last applied. Write-only fields by scrypt. */
  applied: Record<string, string>;
  /** JSON Pointer -> digest of a value that the vendor accepted and did not keep. */
  notPersisted?: Record<string, string>;
  /** `lifecycle.preventDestroy`, which outlives its manifest. */
  preventDestroy?: true;
  /** Ids of earlier versions that are still to be removed. */
  retired?: string[];
}

/** Recorded before a create is sent, removed when its answer is recorded. */
export interface Intent {
  vendor: string;
  /** The client-made id, where the vendor takes one. */
  id?: string;
  /** Ids that bore the object's natural name already: whatever else bears it afterwards is ours. */
  known: string[];
}

/** The whole ledger. Losing it costs no data: everything can be adopted again. */
export interface Ledger {
  formatVersion: 1;
  project: string;
  /** Base64, random per ledger; salts every digest. */
  salt: string;
  objects: Record<Address, LedgerEntry>;
  intents: Record<Address, Intent>;
}
