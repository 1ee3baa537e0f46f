import { assertNever } from '../model/assert-never.js';
import type { Step } from './step.js';

/**
 * The number of live objects that a step removes, as the guards count them: all but the version that the new one
 * replaces in this very step. Every other id that the ledger remembers counts, whichever change removes it.
 */
export function countGuardedRemovals(step: Step): number {
  const { live, change } = step;
  if (change.blocked !== undefined) return 0;
  const earlier = step.retire.filter((id) => id !== live?.id).length;
  switch (step.action) {
    case 'delete':
    case 'replace':
      return 1 + earlier;
    case 'create':
    case 'update':
    case 'adopt':
      return earlier;
    case 'orphan':
    case 'forget':
    case 'remark':
      return 0;
    default:
      return assertNever(step);
  }
}
