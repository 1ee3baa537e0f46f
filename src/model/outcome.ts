import type { Address } from './address.js';
import type { Diagnostic } from './diagnostic.js';
import type { Action } from './plan.js';
import type { TextAspect } from './text-aspects.js';

export type Status = 'applied' | 'failed' | 'stale' | 'skipped';

/** A text that the vendor rewrote before it kept it, so that it reads the same. */
export interface RewrittenText {
  /** JSON Pointer into `spec`. */
  path: string;
  /** All that differs. */
  differsIn: readonly TextAspect[];
}

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
  /** Of the fields that read back otherwise, those that read the same. Both forms are remembered as equal. */
  rewritten?: RewrittenText[];
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
