import { isWithin } from '../model/address.js';
import type { Observed } from '../model/observed.js';
import type { Live } from '../model/vendor.js';
import { ownershipMarkOf } from './match/identity.js';
import { ownerOf } from './match/mark-owner.js';
import type { PlanInput } from './plan-input.js';
import { planForgotten } from './plan-left-over.js';
import type { ForgetStep } from './step.js';

/**
 * The entries that statements let go, each with its object where that is still there, to take our mark off. Those of a target
 * that could not be read wait; those of a target that the project no longer has are let go as they are.
 * @param bound objects that a manifest has by another address: their mark stays
 */
export function findForgotten(input: PlanInput, bound: ReadonlySet<Live>): ForgetStep[] {
  const { statements, lostScopes } = input;
  return (statements?.forgotten ?? []).flatMap(({ address, entry, source }) => {
    const isHere = ({ target, kind }: Observed) => isWithin(address, target.name, kind.name);
    const scope = input.observed.find(isHere) ?? lostScopes?.get(address);
    if (scope === undefined) return [];
    const live = scope.live.find(({ id }) => id === entry.id);
    const ours = live !== undefined && !bound.has(live) && !isForeign(live, scope, input);
    const context = { input, scope };
    return [planForgotten({ address, entry, source, ...(ours && { live }) }, context)];
  });
}

/** An object that another project has marked by now is that one's, and so is its mark. */
function isForeign(live: Live, { kind }: Observed, input: PlanInput): boolean {
  const mark = ownershipMarkOf(kind, live);
  return mark !== undefined && ownerOf(mark, input) === undefined;
}
