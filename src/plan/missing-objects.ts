import type { GuardRefusal } from '../model/guard.js';
import { entriesOf, type Ledger } from '../model/ledger.js';
import type { Observed } from '../model/observed.js';
import type { Guards } from '../model/project.js';

/** The percentage applies from this number of remembered objects of one target. */
const FLOOR = 10;

/**
 * Counts the remembered objects that are gone. Beyond the guard that looks like another account, and is refused.
 * @param allowed the number that may be gone over all targets, in place of the guard
 */
export function findMissingObjects(
  observed: readonly Observed[],
  ledger: Pick<Ledger, 'objects'>,
  { maxMissingPercent }: Pick<Guards, 'maxMissingPercent'>,
  allowed: number | undefined,
): GuardRefusal[] {
  const counts = countMissing(observed, ledger);
  const total = counts.reduce((sum, { missing }) => sum + missing, 0);
  if (allowed !== undefined && total <= allowed) return [];
  const beyond = counts.filter(({ missing, remembered }) => {
    if (missing === remembered) return remembered >= 2;
    return remembered >= FLOOR && missing * 100 > maxMissingPercent * remembered;
  });
  if (beyond.length === 0) return [];
  return [
    { guard: 'maxMissingPercent', actual: total, limit: allowed ?? maxMissingPercent, missing: beyond },
  ];
}

interface MissingCount {
  target: string;
  missing: number;
  remembered: number;
}

/** By target, in the project's order. An object whose earlier version is still there is not missing. */
function countMissing(observed: readonly Observed[], ledger: Pick<Ledger, 'objects'>): MissingCount[] {
  const counts = new Map<string, MissingCount>();
  for (const { target, kind, live } of observed) {
    const ids = new Set(live.map(({ id }) => id));
    const entries = entriesOf(ledger.objects, target.name, kind.name);
    const missing = entries.filter(
      ([, { id, retired = [] }]) => ![id, ...retired].some((one) => ids.has(one)),
    );
    const before = counts.get(target.name) ?? { target: target.name, missing: 0, remembered: 0 };
    counts.set(target.name, {
      target: target.name,
      missing: before.missing + missing.length,
      remembered: before.remembered + entries.length,
    });
  }
  return [...counts.values()];
}
