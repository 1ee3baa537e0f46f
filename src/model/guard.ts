import type { Guards } from './project.js';

/** A guard of the project that a plan goes beyond. Each door says in its own words how to lift it. */
export interface GuardRefusal {
  guard: keyof Guards;
  /**
   * Objects for `maxDelete` and `maxMissingPercent`, else a percentage, rounded up: the least that would have to be
   * allowed.
   */
  actual: number;
  limit: number;
  /** Of a percentage: the kind of objects it is a share of, and how many managed ones there are. */
  scope?: { target: string; kind: string; objects: number };
  /** Of missing objects, which count over all targets of the run: those that the guard does not let pass. */
  missing?: readonly { target: string; missing: number; remembered: number }[];
}

/** The numbers of the plan and of the guard in one sentence, without the way out. */
export function guardText({ guard, actual, limit, scope, missing }: GuardRefusal): string {
  if (missing !== undefined) return missingText(missing);
  if (scope === undefined) {
    const objects = actual === 1 ? 'object' : 'objects';
    return `this plan deletes or replaces ${actual} ${objects}, and guards.${guard} allows ${limit}`;
  }
  const verb = guard === 'maxUpdatePercent' ? 'update' : 'delete';
  const all = `the ${scope.objects} managed objects in ${scope.target}/${scope.kind}`;
  return `this plan would ${verb} ${actual} % of ${all}, and the guard allows ${limit} %`;
}

function missingText(missing: NonNullable<GuardRefusal['missing']>): string {
  const parts = missing.map(
    ({ target, missing: gone, remembered }) =>
      `${gone === remembered ? `all ${gone}` : `${gone} of ${remembered}`} remembered objects of ${target}`,
  );
  return `${parts.join(' and ')} are gone at the vendor, which looks like another account`;
}
