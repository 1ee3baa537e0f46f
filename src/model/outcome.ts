import type { Address } from './address.js';
import type { Diagnostic } from './diagnostic.js';
import type { Action } from './plan.js';

export type Status = 'applied' | 'failed' | 'stale' | 'skipped';

/** The outcome of one change. */
export interface Outcome {
  address: Address;
  action: Action;
  status: Status;
  /** The object's id now, and of a delete the id that it had; absent when there is none. */
  id?: string;
  error?: { code: string; message: string; httpStatus?: number };
  /** JSON Pointers of fields that the vendor accepted and did not keep, found by reading back. */
  notPersisted?: string[];
}

export interface ApplyReport {
  formatVersion: '1';
  fingerprint: string;
  summary: Record<Status, number>;
  /** The requests that this run sent, planning included. */
  requests: { read: number; write: number };
  outcomes: Outcome[];
  diagnostics: Diagnostic[];
}
