import type { Address } from '../model/address.js';
import type { HeldBack } from '../model/blocked.js';
import type { Step } from '../plan/step.js';

/** Blocks the steps that are to be left alone, and every step that depends on one of them. */
export function holdBack(steps: readonly Step[], hold: (step: Step) => HeldBack | undefined): void {
  const held = new Map<Address, HeldBack>();
  const block = (step: Step, why: HeldBack) => {
    step.change.blocked ??= why;
    held.set(step.change.address, why);
  };
  for (const step of steps) {
    const reason = step.change.action === 'orphan' ? undefined : hold(step);
    if (reason !== undefined) block(step, reason);
  }
  // Chains of references are short: two kinds at most, for any vendor so far.
  for (let before = -1; before !== held.size; ) {
    before = held.size;
    for (const step of steps) {
      const needed = step.dependsOn.find((address) => held.has(address));
      const why = needed === undefined ? undefined : held.get(needed);
      if (needed !== undefined && why !== undefined && !held.has(step.change.address))
        block(step, { ...why, dependsOn: needed });
    }
  }
}

/** Leaves earlier versions of objects where they are. The ledger remembers them, and a later apply removes them. */
export function keepOld(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.change.action === 'delete') continue;
    step.kept = [...step.kept, ...step.retire];
    step.retire = [];
  }
}
