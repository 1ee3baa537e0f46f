import type { Blocked } from '../../model/blocked.js';
import type { Action, Change, FieldChange, ShownPlan } from '../../model/plan.js';
import { countNoun } from '../format/counts.js';
import type { Hint } from '../format/hint.js';

/** The actions in the order in which people count them. */
export const ACTION_ORDER: readonly Action[] = ['create', 'update', 'replace', 'adopt', 'delete', 'orphan'];

/** One sentence that says what apply would do. */
export function planVerdict(plan: ShownPlan): string {
  const { summary } = plan;
  const counts = ACTION_ORDER.filter((action) => action !== 'orphan' && summary[action] > 0).map(
    (action) => `${summary[action]} to ${action}`,
  );
  const failed = readErrors(plan) > 0;
  if (counts.length > 0) {
    const incomplete = failed ? 'Incomplete plan' : 'Plan';
    return `${incomplete}: ${counts.join(', ')}; ${summary.noop} unchanged.`;
  }
  if (failed)
    return `Incomplete plan: no changes found, and not everything could be planned; ${summary.noop} unchanged.`;
  if (summary.noop === 0) return 'No changes.';
  return summary.noop === 1
    ? 'No changes. 1 object is as its manifest says.'
    : `No changes. ${summary.noop} objects are as the manifests say.`;
}

/** What a reader may want to do next. */
export function planHints(plan: ShownPlan): Hint[] {
  const hints: Hint[] = [];
  const errors = readErrors(plan);
  if (errors > 0) hints.push([`${countNoun(errors, 'error')} kept this plan from being complete.`]);
  const reasons = plan.changes.flatMap(({ blocked }) => blocked?.reason ?? []);
  const isForAdopt = (reason: Blocked['reason']) => reason === 'not-adopted' || reason === 'foreign';
  const kept = reasons.filter((reason) => !isForAdopt(reason)).length;
  if (kept > 0) hints.push([`${countNoun(kept, 'change')} will be left alone, for the reason given there.`]);
  const adopt = reasons.filter(isForAdopt).length;
  if (adopt === 1)
    hints.push(['1 object exists already and is not ours yet: ', { code: '--adopt' }, ' takes it over.']);
  if (adopt > 1)
    hints.push([
      `${adopt} objects exist already and are not ours yet: `,
      { code: '--adopt' },
      ' takes them over.',
    ]);
  const orphan = plan.options.prune ? 0 : plan.summary.orphan;
  if (orphan === 1)
    hints.push(['1 object of ours has no manifest any more: ', { code: '--prune' }, ' deletes it.']);
  if (orphan > 1)
    hints.push([
      `${orphan} objects of ours have no manifest any more: `,
      { code: '--prune' },
      ' deletes them.',
    ]);
  const causes = new Set(plan.changes.flatMap((change) => change.fields.map((field) => field.cause)));
  if (causes.has('drift')) {
    hints.push([
      "drift: the vendor's side moved since the last apply; apply puts the manifest's value back.",
    ]);
  }
  if (causes.has('both')) {
    hints.push([
      "conflict: the vendor's side and the manifest both moved; apply sends the manifest's value.",
    ]);
  }
  return hints;
}

// A guard that refuses says nothing against the plan itself.
function readErrors(plan: ShownPlan): number {
  return plan.diagnostics.filter((d) => d.severity === 'error' && d.code !== 'guard').length;
}

/** Which side moved; nothing for what is created, or where there is nothing to compare with. */
export function causeTag({ action }: Change, { cause }: FieldChange): string | undefined {
  if (action === 'create' || cause === 'unknown') return undefined;
  return cause === 'both' ? 'both: conflict' : cause;
}

/** `4 reads to plan, 1 write to apply`. */
export function requestCounts(plan: ShownPlan): string {
  return `${countNoun(plan.requests.read, 'read')} to plan, ${countNoun(plan.requests.write, 'write')} to apply`;
}
