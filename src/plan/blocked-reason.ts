import type { Blocked } from '../model/blocked.js';
import type { Action } from '../model/plan.js';
import type { Live } from '../model/vendor.js';
import type { Binding } from './match/match.js';
import type { Orphan } from './match/orphans.js';
import type { PlanInput } from './plan-input.js';

/** Why apply leaves a bound object alone, if it does. */
export function blockedReason(
  action: Action,
  live: Live,
  binding: Binding,
  stuck: readonly string[],
  { options }: PlanInput,
): Blocked | undefined {
  if (action === 'adopt' && stuck.length > 0) {
    return { reason: 'immutable', fields: stuck };
  }
  if (action === 'adopt' && binding.foreign !== undefined && !options.adopt) {
    return { reason: 'foreign', mark: binding.foreign };
  }
  if (action === 'adopt' && binding.unmarked === true && !options.adopt) {
    return { reason: 'foreign' };
  }
  if (action === 'adopt' && binding.how === 'name' && !options.adopt) {
    return { reason: 'not-adopted' };
  }
  if (action !== 'replace') return undefined;
  if (!binding.manifest.preventDestroy) return inUse(live);
  return { reason: 'protected', from: 'replace' };
}

/** Why apply leaves an object without a manifest where it is, if it does. */
export function blockedDeletion({ live, entry, unmarked }: Orphan): Blocked | undefined {
  if (entry?.preventDestroy === true) return { reason: 'protected', from: 'delete' };
  return unmarked === true ? { reason: 'foreign' } : inUse(live);
}

/** Why an object that something outside of llmform uses is not removed. */
function inUse({ usedBy }: Live): Blocked | undefined {
  return usedBy === undefined ? undefined : { reason: 'in-use', by: usedBy, known: 'vendor' };
}
