import type { Address } from '../model/address.js';
import type { Source } from '../model/manifest.js';
import type { Change } from '../model/plan.js';
import { blockedDeletion } from './blocked-reason.js';
import { ownershipMarkFor } from './match/identity.js';
import type { Orphan } from './match/orphans.js';
import { base, emptyStep, movedFromOf, type PlanContext } from './plan-context.js';
import { isPruning } from './plan-input.js';
import { buildMarkRequest } from './requests.js';
import type { DeleteStep, ForgetStep, OrphanStep, RemarkStep } from './step.js';

/**
 * Plans what is live and ours and has no manifest any more: shown as an orphan, removed when pruning, and let go where a
 * statement says so.
 */
export function planOrphan(
  orphan: Orphan,
  context: PlanContext,
): DeleteStep | OrphanStep | ForgetStep | RemarkStep {
  const { address, live, entry, earlier, duplicates } = orphan;
  const forgotten = context.input.statements?.forgottenBy(address);
  if (forgotten !== undefined)
    return planForgotten({ address, source: forgotten.source, live, ...(entry && { entry }) }, context);
  const action = isPruning(context.input) && orphan.lostTarget !== true ? 'delete' : 'orphan';
  const change: Change = { ...emptyStep(context, address, action), id: live.id };
  const known = { ...base(context, []), live, ...(entry && { entry }) };
  if (action === 'orphan') {
    const movedFrom = orphan.lostTarget === true ? undefined : movedFromOf(address, live, context);
    const mark = ownershipMarkFor(context.input.project.name, address);
    if (movedFrom === undefined || buildMarkRequest(context.scope.kind, live, mark) === undefined)
      return { ...known, action, change };
    return { ...known, action: 'remark', change: { ...change, action: 'update', movedFrom } };
  }
  const blocked = blockedDeletion(orphan);
  return {
    ...known,
    action,
    change: { ...change, ...(blocked !== undefined && { blocked }) },
    retire: [...earlier, ...duplicates],
  };
}

/** An object that is let go; `live` where it is still there to take our mark off. */
export function planForgotten(
  { address, entry, live, source }: Pick<ForgetStep, 'entry' | 'live'> & { address: Address; source: Source },
  context: PlanContext,
): ForgetStep {
  const id = live?.id ?? entry?.id;
  return {
    ...base(context, []),
    action: 'forget',
    change: { ...emptyStep(context, address, 'forget'), ...(id !== undefined && { id }), source },
    ...(live && { live }),
    ...(entry && { entry }),
  };
}
