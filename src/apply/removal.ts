import type { VendorError } from '../model/vendor-error.js';
import type { DeleteStep, WantedStep } from '../plan/step.js';

/** A DELETE that the vendor says is done. */
export interface Removal {
  id: string;
  /** The 404 that it was answered with; absent after a success. */
  notFound?: VendorError;
}

/**
 * Removals of a step whose kind is read through its list: they are checked together once everything is written, and the
 * ledger keeps their objects until then.
 */
export interface UnverifiedStep {
  step: WantedStep | DeleteStep;
  removals: Removal[];
  /** Records the ids that are gone. */
  settle(gone: ReadonlySet<string>): void;
}
