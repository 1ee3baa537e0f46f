import { groupBy } from '../model/group-by.js';
import { pick } from '../model/parse-answer.js';
import { type UniqueName, uniqueNameIn } from '../model/unique-name.js';
import type { Live } from '../model/vendor.js';
import { isWanted, makesNewId, type Step, type WantedStep } from './step.js';

/** The unique name that an object has once its step is carried out. */
function uniqueNameAfter(step: WantedStep): UniqueName | undefined {
  const { kind, desired } = step;
  if (kind.rules.uniqueName === undefined) return undefined;
  if (step.action === 'create' || makesNewId(step)) return uniqueNameIn(kind, desired);
  return uniqueNameIn(kind, { ...step.live.spec, ...pick(desired, step.fields) });
}

/** The unique name that a step gives to an object that does not have it yet. */
export function takenName(step: Step): UniqueName | undefined {
  if (!isWanted(step) || step.change.blocked !== undefined) return undefined;
  const after = uniqueNameAfter(step);
  const before = step.live && uniqueNameIn(step.kind, step.live.spec);
  return after === undefined || after.key === before?.key ? undefined : after;
}

/** Tells if the live object of a step does not have a name any more once the step is carried out. */
export function givesUp(step: Step, { key }: UniqueName): boolean {
  if (step.change.blocked !== undefined) return false;
  return isWanted(step) ? uniqueNameAfter(step)?.key !== key : step.action === 'delete';
}

/**
 * The live objects of one kind on one target by their unique name. A vendor may have let in two of one name; the order of its
 * listing means nothing.
 */
export function groupByUniqueName(kind: Step['kind'], live: readonly Live[]): Map<string, Live[]> {
  const sorted = [...live].sort((a, b) => (a.id < b.id ? -1 : 1));
  return groupBy(sorted, ({ spec }) => uniqueNameIn(kind, spec)?.key);
}
