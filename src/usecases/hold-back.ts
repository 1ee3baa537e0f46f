import type { Address } from '../model/address.js';
import type { HeldBack } from '../model/blocked.js';
import type { Step } from '../plan/step.js';
import { onlyRetires } from '../plan/writes.js';

/** Why steps are left alone this time, by address: those that `hold` names, and all that depend on one of them. */
export function heldBack(
  steps: readonly Step[],
  hold: (step: Step) => HeldBack | undefined,
): Map<Address, HeldBack> {
  const held = new Map<Address, HeldBack>();
  for (const step of steps) {
    const why = step.action === 'orphan' ? undefined : hold(step);
    if (why !== undefined) held.set(step.change.address, why);
  }
  // Chains of references are short: two kinds at most, for any vendor so far.
  for (let before = -1; before !== held.size; ) {
    before = held.size;
    for (const step of steps) {
      if (held.has(step.change.address)) continue;
      const why = needed(step).flatMap((address) => dependent(held, address))[0];
      if (why !== undefined) held.set(step.change.address, why);
    }
  }
  return held;
}

/** The steps with those blocked that are held back. */
export function withHeld(steps: readonly Step[], held: ReadonlyMap<Address, HeldBack>): Step[] {
  return steps.map((step) => {
    const { change } = step;
    const why = held.get(change.address);
    if (why !== undefined) return { ...step, change: { ...change, blocked: change.blocked ?? why } };
    // An object that is held back may still refer to the earlier version of this one.
    return step.retireAfter.some((address) => held.has(address)) ? keepingRetired(step) : step;
  });
}

/** A step that leaves earlier versions where they are. The ledger remembers them, and a later apply removes them. */
export function keepingRetired(step: Step): Step {
  if (step.action === 'delete') return step;
  return { ...step, kept: [...step.kept, ...step.retire], retire: [] };
}

function needed(step: Step): readonly Address[] {
  return onlyRetires(step) ? [...step.dependsOn, ...step.retireAfter] : step.dependsOn;
}

function dependent(held: ReadonlyMap<Address, HeldBack>, address: Address): HeldBack[] {
  const why = held.get(address);
  return why === undefined ? [] : [{ ...why, dependsOn: address }];
}
