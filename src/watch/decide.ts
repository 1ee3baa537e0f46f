import type { Address } from '../model/address.js';
import { blockedText, type HeldBack } from '../model/blocked.js';
import { onlyRetires, type Step } from '../plan/step.js';
import type { Prospect } from '../reconcile/reconcile.js';
import type { Intention } from '../reconcile/world.js';
import { guarded } from '../run/checks.js';
import { heldBack } from '../run/hold-back.js';
import type { Mode } from './model.js';

export interface Circumstances {
  mode: Mode;
  /** Somebody approved exactly this plan: mode, window, fights and guards let it pass. */
  approved: boolean;
  /** Why nothing may be written at this moment; undefined when a window is open. */
  closed(): HeldBack | undefined;
  /** Why an object is left alone because somebody else fights over it. */
  fight(address: string): HeldBack | undefined;
}

/** What is to be done with a plan. */
export interface Decision {
  /** Whether there is anything to write, or to record. */
  write: boolean;
  /** Why changes are left alone this time, by address. */
  held: ReadonlyMap<Address, HeldBack>;
  /** False once a window has closed or opened since. */
  holdsStill(): boolean;
  /** Earlier versions of objects stay, because nothing may be removed. */
  keepsOld: boolean;
  /** The reasons of everything that is left alone, each once, in words. */
  reasons: string[];
  /** A guard of the project is among them. */
  guard: boolean;
  /** Nothing is to be written, whatever the plan says. */
  observed: boolean;
}

/**
 * Goes by mode, window, fights and guards. Where deleting goes beyond a guard, only what deletes or replaces is left
 * alone: an orphan that waits for somebody's word must not keep drift from being healed. Beyond the guard on updates
 * nothing is written at all.
 */
export function decide(prospect: Prospect, intention: Intention, around: Circumstances): Decision {
  const { steps } = prospect;
  const closed = around.closed();
  let hold = (step: Step) => reasonFor(step, around, closed);
  let held = heldBack(steps, hold);
  const observed = around.mode === 'observe' && !around.approved;
  let guard = false;
  if (!around.approved) {
    for (const affects of [destroys, () => true]) {
      const [refusal] = guarded({ ...prospect, steps: openSteps(steps, held) }, intention, {});
      if (refusal === undefined) break;
      guard = true;
      const before = hold;
      hold = (step) => before(step) ?? (affects(step) ? { reason: 'guard', refusal } : undefined);
      held = heldBack(steps, hold);
    }
  }
  return {
    write: openSteps(steps, held).length > 0 || (!observed && hasNews(prospect)),
    observed,
    held,
    holdsStill: () => around.approved || (around.closed() === undefined) === (closed === undefined),
    keepsOld: around.mode === 'heal' && !around.approved,
    reasons: reasonsOf(steps, held),
    guard,
  };
}

function reasonFor(step: Step, around: Circumstances, closed: HeldBack | undefined): HeldBack | undefined {
  if (around.approved) return undefined;
  if (around.mode === 'observe') return { reason: 'mode', mode: 'observe' };
  if (closed !== undefined) return closed;
  if (around.mode === 'heal' && (destroys(step) || onlyRetires(step)))
    return { reason: 'mode', mode: 'heal' };
  return around.fight(step.change.address);
}

/** What is held back only because it depends on something else adds no reason of its own. */
function reasonsOf(steps: readonly Step[], held: ReadonlyMap<Address, HeldBack>): string[] {
  const waiting = steps.filter(({ change }) => change.blocked === undefined);
  const own = waiting.flatMap(({ change }) => held.get(change.address) ?? []);
  return [...new Set(own.filter(({ dependsOn }) => dependsOn === undefined).map(blockedText))];
}

function destroys({ action }: Step): boolean {
  return action === 'delete' || action === 'replace';
}

/** The steps that would be carried out. */
function openSteps(steps: readonly Step[], held: ReadonlyMap<Address, HeldBack>): Step[] {
  return steps.filter(
    ({ action, change }) => action !== 'orphan' && change.blocked === undefined && !held.has(change.address),
  );
}

/** What the ledger does not know yet, or still knows: later causes of drift depend on it. */
function hasNews({ unchanged, forgotten }: Prospect): boolean {
  return forgotten.length > 0 || unchanged.some(({ entry }) => entry === undefined);
}
