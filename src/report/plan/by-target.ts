import { parseAddress } from '../../model/address.js';
import type { Change } from '../../model/plan.js';
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
