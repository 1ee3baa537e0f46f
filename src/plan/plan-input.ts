import type { Address } from '../model/address.js';
import type { Json } from '../model/json.js';
import type { Observed } from '../model/observed.js';
import type { PlanOptions } from '../model/plan.js';
import type { MatchInput } from './match/live-index.js';

/** The input of a plan. */
export interface PlanInput extends MatchInput {
  /** Targets that could not be read are missing here: nothing is planned for them. */
  observed: readonly Observed[];
  /** Of entries that are let go on targets that the project no longer has: their kinds, with nothing live. */
  lostScopes?: ReadonlyMap<Address, Observed>;
  options: PlanOptions;
  /** A digest with the salt of a ledger that other machines have too; see `fingerprintPlan`. */
  seal?: ((value: Json) => string) | undefined;
  /** Reads that were sent to get here. */
  reads: number;
}

/** Tells if orphans are removed. No manifests at all is a mistake far more often than a wish to delete everything. */
export function isPruning({ options, manifests }: PlanInput): boolean {
  return options.prune && manifests.length > 0;
}
