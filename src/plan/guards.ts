import type { GuardRefusal } from '../model/guard.js';
import type { Observed } from '../model/observed.js';
import type { Guards } from '../model/project.js';
import { countGuardedRemovals } from './removals.js';
import type { Step } from './step.js';

/** The percentages apply from this number of managed objects of one kind on one target. */
const FLOOR = 10;

/** Limits that the user sets for one run; absent members leave the project's guards as they are. */
export interface Allowance {
  maxDelete?: number | undefined;
  maxDeletePercent?: number | undefined;
  maxUpdatePercent?: number | undefined;
  /** Remembered objects that may be gone at the vendors, over all targets. */
  maxMissing?: number | undefined;
}

/** Refusals of a plan that deletes or changes more than it may. An empty list lets it pass. */
export function refusals(
  steps: readonly Step[],
  unchanged: readonly { manifest: { target: string; kind: string } }[],
  observed: readonly Observed[],
  guards: Guards,
  allowance: Allowance,
): GuardRefusal[] {
  const open = steps.filter((step) => step.change.blocked === undefined);
  const found: GuardRefusal[] = [];
  const deletions = countAll(open);
  const most = allowance.maxDelete ?? guards.maxDelete;
  if (deletions > most) found.push({ guard: 'maxDelete', actual: deletions, limit: most });
  for (const { target, kind } of observed) {
    const here = open.filter((step) => step.target === target.name && step.kind.name === kind.name);
    const untouched = unchanged.filter(
      (u) => u.manifest.target === target.name && u.manifest.kind === kind.name,
    );
    const bound = here.filter(({ live, change }) => live !== undefined && change.action !== 'adopt');
    const ours = untouched.length + bound.length + countAll(here) - here.filter(destroys).length;
    if (ours < FLOOR) continue;
    const scope = { target: target.name, kind: kind.name, objects: ours };
    const shares = [
      ['maxDeletePercent', countAll(here)],
      ['maxUpdatePercent', here.filter(updates).length],
    ] as const;
    for (const [guard, count] of shares) {
      const limit = allowance[guard] ?? guards[guard];
      if (count * 100 <= limit * ours) continue;
      found.push({ guard, actual: Math.ceil((count * 100) / ours), limit, scope });
    }
  }
  return found;
}

function countAll(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + countGuardedRemovals(step), 0);
}

function destroys({ change }: Step): boolean {
  return change.action === 'delete' || change.action === 'replace';
}

/** A move alone changes no field. */
function updates({ change }: Step): boolean {
  return change.action === 'update' && !(change.movedFrom !== undefined && change.fields.length === 0);
}
