import { type Diagnostic, error } from '../model/diagnostic.js';
import type { Guards } from '../model/project.js';
import type { Observed } from './observed.js';
import type { Step } from './step.js';

/** From so many objects of ours on one kind and target on, the percentages apply. */
const FLOOR = 10;

/** What the user said on the command line; absent members leave the project's guards as they are. */
export interface Allowance {
  maxDelete?: number | undefined;
  maxDeletePercent?: number | undefined;
  maxUpdatePercent?: number | undefined;
}

/** Refusals of a plan that deletes or changes more than it may. An empty list lets it pass. */
export function refusals(
  steps: readonly Step[],
  unchanged: readonly { manifest: { target: string; kind: string } }[],
  observed: readonly Observed[],
  guards: Guards,
  allowance: Allowance,
): Diagnostic[] {
  const open = steps.filter((step) => step.change.blocked === undefined);
  const found: Diagnostic[] = [];
  const deletions = open.filter(destroys).length;
  if (deletions > (allowance.maxDelete ?? guards.maxDelete)) {
    found.push(
      refusal(
        `this plan deletes or replaces ${deletions} ${deletions === 1 ? 'object' : 'objects'}, and guards.maxDelete allows ${allowance.maxDelete ?? guards.maxDelete}`,
        `If that is right, run apply again with --max-delete ${deletions}.`,
      ),
    );
  }
  for (const { target, kind } of observed) {
    const here = open.filter((step) => step.target === target.name && step.kind.name === kind.name);
    const untouched = unchanged.filter(
      (u) => u.manifest.target === target.name && u.manifest.kind === kind.name,
    );
    const ours =
      untouched.length +
      here.filter(({ live, change }) => live !== undefined && change.action !== 'adopt').length;
    if (ours < FLOOR) continue;
    const scope = `${target.name}/${kind.name}`;
    const shares = [
      ['delete', here.filter(destroys).length, allowance.maxDeletePercent ?? guards.maxDeletePercent],
      ['update', here.filter(updates).length, allowance.maxUpdatePercent ?? guards.maxUpdatePercent],
    ] as const;
    for (const [verb, count, limit] of shares) {
      const percent = Math.ceil((count * 100) / ours);
      if (count * 100 <= limit * ours) continue;
      found.push(
        refusal(
          `this plan would ${verb} ${percent} % of the ${ours} objects of ours in ${scope}, and the guard allows ${limit} %`,
          `If that is right, run apply again with --max-${verb}-percent ${percent}.`,
        ),
      );
    }
  }
  return found;
}

function destroys({ change }: Step): boolean {
  return change.action === 'delete' || change.action === 'replace';
}

function updates({ change }: Step): boolean {
  return change.action === 'update';
}

function refusal(summary: string, detail: string): Diagnostic {
  return error('guard', summary, { detail });
}
