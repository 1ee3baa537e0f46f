import type { Action, Change, FieldChange, ShownPlan } from '../../model/plan.js';
import { countNoun } from '../format/counts.js';
import type { Hint } from '../format/hint.js';
import { adoptionCount, adoptionHints, isNotAdopted, notAdoptedCount } from './adoption.js';
import { leftOpenHints } from './released.js';

/** The actions in the order in which people count them. */
export const ACTION_ORDER: readonly Action[] = [
  ...(['create', 'update', 'replace', 'adopt', 'delete', 'forget', 'orphan'] as const),
];

/** The plan in one sentence. */
export function planVerdict(plan: ShownPlan): string {
  const { summary } = plan;
  const counts = ACTION_ORDER.filter((action) => action !== 'orphan' && summary[action] > 0).flatMap(
    (action) => (action === 'adopt' ? adoptionCount(plan) : [`${summary[action]} to ${action}`]),
  );
  counts.push(...notAdoptedCount(plan), ...furtherDeletes(plan));
  const failed = readErrors(plan) > 0;
  if (counts.length > 0) {
    const incomplete = failed ? 'Incomplete plan' : 'Plan';
    return `${incomplete}: ${counts.join(', ')}${unchangedCount(summary.noop)}.`;
  }
  if (failed) return `Incomplete plan: no changes found so far${unchangedCount(summary.noop)}.`;
  return summary.noop === 0 ? 'No changes.' : `No changes: ${countNoun(summary.noop, 'object')} up to date.`;
}

/** `2 deletes`: those that come along with other changes. No DELETE is sent that the verdict does not count. */
function furtherDeletes({ changes }: ShownPlan): string[] {
  const count = changes.reduce((sum, change) => sum + furtherDeletesOf(change).length, 0);
  if (count === 0) return [];
  const counted = changes.some(({ action, blocked }) => isLoss(action) && blocked === undefined);
  return [counted ? countNoun(count, 'more delete') : countNoun(count, 'delete')];
}

/** Ids of live objects that a change deletes beside the one that its action names. */
export function furtherDeletesOf({ action, id, deletes = [] }: Change): string[] {
  return isLoss(action) ? deletes.filter((one) => one !== id) : deletes;
}

/** Tells if the action itself removes a live object. */
export function isLoss(action: Action): boolean {
  return action === 'delete' || action === 'replace';
}

/** `; 3 unchanged`, as the end of a count; empty without any. */
export function unchangedCount(unchanged: number): string {
  return unchanged === 0 ? '' : `; ${unchanged} unchanged`;
}

/** The next steps that a plan suggests. */
export function planHints(plan: ShownPlan): Hint[] {
  const hints: Hint[] = [];
  const { at } = plan.options;
  if (at !== undefined)
    hints.push([
      'Project file and manifests are those of commit ',
      { code: at.slice(0, 12) },
      "; ledger and secrets are today's.",
    ]);
  const errors = readErrors(plan);
  if (errors > 0) hints.push([`${countNoun(errors, 'error')} kept this plan from being complete.`]);
  const blocked = plan.changes.filter((change) => change.blocked !== undefined);
  const adopt = blocked.filter(isNotAdopted).length;
  const kept = blocked.length - adopt;
  if (kept > 0) hints.push([`${countNoun(kept, 'change')} will be left alone, for the reason given there.`]);
  if (adopt === 1)
    hints.push(['1 object exists already and is not managed yet: ', { code: '--adopt' }, ' takes it over.']);
  if (adopt > 1)
    hints.push([
      `${adopt} objects exist already and are not managed yet: `,
      { code: '--adopt' },
      ' takes them over.',
    ]);
  hints.push(...adoptionHints(plan));
  const orphan = plan.options.prune ? 0 : plan.summary.orphan;
  if (orphan === 1)
    hints.push(['1 managed object has no manifest any more: ', { code: '--prune' }, ' deletes it.']);
  if (orphan > 1)
    hints.push([
      `${orphan} managed objects have no manifest any more: `,
      { code: '--prune' },
      ' deletes them.',
    ]);
  const gone = plan.changes.filter(({ previousId }) => previousId !== undefined).length;
  if (gone > 0)
    hints.push([
      `${countNoun(gone, 'remembered object')} ${gone === 1 ? 'is' : 'are'} gone at the vendor: apply creates ${gone === 1 ? 'it' : 'them'} anew.`,
    ]);
  const compared = plan.changes.filter(({ action }) => action !== 'create');
  const fields = compared.flatMap((change) => change.fields);
  const causes = new Set(fields.map((field) => field.cause));
  if (causes.has('drift')) {
    hints.push([
      "drift: the vendor's side moved since the last apply; apply puts the manifest's value back.",
    ]);
  }
  if (fields.some(({ rotated }) => rotated)) {
    hints.push(['secret: the value behind the reference is another than the one last applied.']);
  }
  if (causes.has('both')) {
    hints.push([
      "conflict: the vendor's side and the manifest both moved; apply sends the manifest's value.",
    ]);
  }
  hints.push(...leftOpenHints(plan));
  return hints;
}

// A guard that refuses says nothing against the plan itself.
function readErrors(plan: ShownPlan): number {
  return plan.diagnostics.filter((d) => d.severity === 'error' && d.code !== 'guard').length;
}

/** Which side moved; nothing for what is created, or where there is nothing to compare with. */
export function causeTag({ action }: Change, { cause, rotated }: FieldChange): string | undefined {
  if (action === 'create' || cause === 'unknown') return undefined;
  if (rotated) return 'secret';
  return cause === 'both' ? 'both: conflict' : cause;
}

/** `4 reads to plan, 1 write to apply`, without what is zero; empty where nothing was sent and nothing will be. */
export function requestCounts({ requests: { read, write } }: ShownPlan): string {
  return [
    ...(read > 0 ? [`${countNoun(read, 'read')} to plan`] : []),
    ...(write > 0 ? [`${countNoun(write, 'write')} to apply`] : []),
  ].join(', ');
}

function deletedVersion(id: string, change: Change): string {
  return id === change.id
    ? `${id}, which the new version replaces`
    : `${id}, remembered as an earlier version`;
}

/** The line below a change that its fields do not explain: why it is there, or that only the ownership mark is sent. */
export function changeNote(change: Change): string | undefined {
  const { action, blocked, fields, requests, previousId, movedFrom } = change;
  if (blocked !== undefined) return undefined;
  if (movedFrom !== undefined) return `moved from ${movedFrom}${sentByMove(change)}`;
  const further = furtherDeletesOf(change);
  if (further.length > 0) return `deletes ${further.map((one) => deletedVersion(one, change)).join(' and ')}`;
  if (previousId !== undefined) return `recreate: ${previousId} is gone at the vendor`;
  if (action === 'orphan') return 'no manifest any more; left as it is';
  if (action === 'forget')
    return `managed here no longer; the object stays${requests.length > 0 ? ', without our mark' : ''}`;
  if (action !== 'adopt' || fields.length > 0) return undefined;
  if (requests.length === 0) return 'no field changes; nothing is sent';
  const onlyMark = requests.length === 1 && requests[0]?.method !== 'DELETE';
  return onlyMark ? 'no field changes; only the ownership mark is sent' : undefined;
}

/** The requests of a move, where no field explains them. */
function sentByMove({ fields, requests }: Change): string {
  if (fields.length > 0) return '';
  return requests.length === 0 ? '; nothing is sent' : '; only the ownership mark is sent';
}
