import type { Address } from '../../model/address.js';
import { blockedText, type HeldBack } from '../../model/blocked.js';
import type { DesiredState } from '../../model/desired-state.js';
import { countGuardedRemovals } from '../../plan/removals.js';
import type { Step } from '../../plan/step.js';
import { onlyRetires } from '../../plan/writes.js';
import type { PreparedPlan } from '../../prepare/prepare.js';
import { checkGuards } from '../../usecases/check-plan.js';
import { heldBack } from '../../usecases/hold-back.js';
import type { Mode } from '../state/model.js';

export interface WritePolicy {
  mode: Mode;
  /** Exactly this plan was approved: mode, window, fights and guards let it pass. */
  approved: boolean;
  /** Why nothing may be written at this moment; undefined when a window is open. */
  closed(): HeldBack | undefined;
  /** The reason to leave an object alone because its fields flap. */
  fight(address: string): HeldBack | undefined;
}

/** The decision about a plan. */
export interface Decision {
  /** True if there is anything to write, or to record. */
  write: boolean;
  /** Why changes are left alone this time, by address. */
  held: ReadonlyMap<Address, HeldBack>;
  /** False once a window has closed or opened since. */
  holdsStill(): boolean;
  /** Earlier versions of objects stay, because nothing may be removed. */
  keepsRetired: boolean;
  /** The reasons of everything that is left alone, each once, in words. */
  reasons: string[];
  /** A guard of the project is among them. */
  guard: boolean;
  /** Nothing may be written, for any plan. */
  observed: boolean;
}

/**
 * Goes by mode, window, fights and guards. Where deleting goes beyond a guard, only what deletes or replaces is left
 * alone: an orphan that waits for approval must not keep drift from being healed. Beyond the guard on updates
 * nothing is written at all.
 */
export function decide(prepared: PreparedPlan, desiredState: DesiredState, policy: WritePolicy): Decision {
  const { steps } = prepared;
  const closed = policy.closed();
  let hold = (step: Step) => reasonFor(step, policy, closed);
  let held = heldBack(steps, hold);
  const observed = policy.mode === 'observe' && !policy.approved;
  let guard = false;
  let lost = false;
  if (!policy.approved) {
    for (const affects of [destroys, removesMore, () => true]) {
      const [refusal] = checkGuards({ ...prepared, steps: openSteps(steps, held) }, desiredState, {});
      if (refusal === undefined) break;
      guard = true;
      lost ||= refusal.missing !== undefined;
      const before = hold;
      hold = (step) => before(step) ?? (affects(step) ? { reason: 'guard', refusal } : undefined);
      held = heldBack(steps, hold);
    }
  }
  return {
    // Where it may be another account, nothing is forgotten either.
    write: !lost && (openSteps(steps, held).length > 0 || (!observed && hasNews(prepared))),
    observed,
    held,
    holdsStill: () => policy.approved || (policy.closed() === undefined) === (closed === undefined),
    keepsRetired: policy.mode === 'heal' && !policy.approved,
    reasons: reasonsOf(steps, held),
    guard,
  };
}

function reasonFor(step: Step, policy: WritePolicy, closed: HeldBack | undefined): HeldBack | undefined {
  if (policy.approved) return undefined;
  if (policy.mode === 'observe') return { reason: 'mode', mode: 'observe' };
  if (closed !== undefined) return closed;
  if (policy.mode === 'heal' && (destroys(step) || onlyRetires(step)))
    return { reason: 'mode', mode: 'heal' };
  return policy.fight(step.change.address);
}

/** A change that is held back only because of a dependency adds no reason of its own. */
function reasonsOf(steps: readonly Step[], held: ReadonlyMap<Address, HeldBack>): string[] {
  const waiting = steps.filter(({ change }) => change.blocked === undefined);
  const own = waiting.flatMap(({ change }) => held.get(change.address) ?? []);
  return [...new Set(own.filter(({ dependsOn }) => dependsOn === undefined).map(blockedText))];
}

function destroys({ action }: Step): boolean {
  return action === 'delete' || action === 'replace';
}

/** A change that removes what the ledger remembers beside it. */
function removesMore(step: Step): boolean {
  return countGuardedRemovals(step) > 0;
}

/** The steps that would be carried out. */
function openSteps(steps: readonly Step[], held: ReadonlyMap<Address, HeldBack>): Step[] {
  return steps.filter(
    ({ action, change }) => action !== 'orphan' && change.blocked === undefined && !held.has(change.address),
  );
}

/** Entries to add to the ledger or to drop from it: later causes of drift depend on them. */
function hasNews({ unchanged, forgotten }: PreparedPlan): boolean {
  return forgotten.length > 0 || unchanged.some(({ entry }) => entry === undefined);
}
