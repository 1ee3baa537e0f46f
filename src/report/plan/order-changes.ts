import { parseAddress } from '../../model/address.js';
import type { Action, Change } from '../../model/plan.js';
import type { Target } from '../../model/project.js';

/** The changes of one target. */
export interface TargetChanges {
  name: string;
  /** Absent when the plan names a target that the project does not. */
  target?: Target;
  changes: Change[];
}

/** Changes by target, in the project's order of targets; targets without changes come along, empty. */
export function groupByTarget(changes: readonly Change[], targets: readonly Target[]): TargetChanges[] {
  const groups = new Map<string, TargetChanges>(
    targets.map((target) => [target.name, { name: target.name, target, changes: [] }]),
  );
  for (const change of changes) {
    const name = parseAddress(change.address).target;
    const group = groups.get(name) ?? { name, changes: [] };
    group.changes.push(change);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Changes in the order in which a reviewer wants to see them: what cannot be undone comes first. */
export function inReviewOrder(changes: readonly Change[]): Change[] {
  return REVIEW_ORDER.flatMap((action) => changes.filter((change) => change.action === action));
}

const REVIEW_ORDER: readonly Action[] = [
  ...(['delete', 'replace', 'forget', 'update', 'adopt', 'create', 'orphan'] as const),
];
