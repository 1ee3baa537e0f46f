import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import type { DeleteStep, Step, WantedStep } from '../plan/step.js';
import { writesOf } from '../plan/writes.js';
import { listObjects } from '../prepare/list-objects.js';
import { assertUnchanged } from './check-stale.js';
import { forgetObject, recordWritten } from './record.js';
import type { Removal, UnverifiedStep } from './removal.js';
import type { ApplySession } from './session.js';
import { verifyDeleted } from './verify-deleted.js';

/** Removes what is declared no longer, earlier versions first, and forgets it once it is seen to be gone. */
export async function removeLeftOver(step: DeleteStep, session: ApplySession): Promise<undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  await assertUnchanged(step, session);
  const removals: Removal[] = [];
  for (const request of main) removals.push(await send(step, request, session));
  const settle = (gone: ReadonlySet<string>) => {
    if (removals.some(({ id }) => !gone.has(id))) return;
    const { ledger } = session.input;
    forgetObject(ledger, step.change.address);
    session.removed.add(step.change.address);
    session.tellWritten(step.change.address, step.live.id);
    // Of a marked object, nothing that was begun is left either; of others the intent alone would tell.
    const intent = ledger.intents[step.change.address];
    if (step.kind.rules.mark !== undefined && intent?.sent === undefined)
      delete ledger.intents[step.change.address];
  };
  await verifyOrDefer({ step, removals, settle }, session);
  return undefined;
}

/** Removes the earlier versions of an object, now that no managed object refers to them. */
export async function removeRetired(
  step: WantedStep,
  id: string | undefined,
  session: ApplySession,
): Promise<void> {
  const { retire } = writesOf(step, session.substitution(step.target));
  for (const request of retire) {
    const removal = await send(step, request, session);
    const settle = (gone: ReadonlySet<string>) => {
      const entry = session.input.ledger.objects[step.change.address];
      const left = (entry?.retired ?? step.retire).filter(
        (one) => !gone.has(one) && !step.kept.includes(one),
      );
      if (id !== undefined) recordWritten(step, id, left, session);
    };
    await verifyOrDefer({ step, removals: [removal], settle }, session);
  }
}

/** Removes an object that another one is to take the place of: that may only come once this one is gone. */
export async function removeReplaced(
  step: Step,
  request: WriteRequest,
  session: ApplySession,
): Promise<void> {
  const removal = await send(step, request, session);
  const [fault] = (await verifyDeleted(step.kind, step.target, [removal], session)).values();
  if (fault !== undefined) throw fault;
}

/** Checks the removals that were put off, with one listing for each kind of a target. Returns those that failed. */
export async function verifyDeferred(
  session: ApplySession,
): Promise<{ step: WantedStep | DeleteStep; fault: VendorError }[]> {
  const groups = new Map<string, UnverifiedStep[]>();
  for (const one of session.unverified) {
    const key = `${one.step.target}/${one.step.kind.name}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const failed = [...groups.values()].map(async (group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { kind, target } = first.step;
    const removals = group.flatMap((one) => one.removals);
    const faults = await verifyDeleted(kind, target, removals, session);
    return group.flatMap((one) => {
      const fault = settle(one, faults);
      return fault === undefined ? [] : [{ step: one.step, fault }];
    });
  });
  return (await Promise.all(failed)).flat();
}

/** Throws the `VendorError` of a removal that did not happen; where only a listing could tell, that is put off. */
async function verifyOrDefer(unverified: UnverifiedStep, session: ApplySession): Promise<void> {
  const { step, removals } = unverified;
  if (step.kind.read === undefined) {
    session.unverified.push(unverified);
    return;
  }
  const fault = settle(unverified, await verifyDeleted(step.kind, step.target, removals, session));
  if (fault !== undefined) throw fault;
}

function settle(
  { removals, settle }: UnverifiedStep,
  faults: ReadonlyMap<string, VendorError>,
): VendorError | undefined {
  settle(new Set(removals.flatMap(({ id }) => (faults.has(id) ? [] : [id]))));
  return removals.map(({ id }) => faults.get(id)).find((fault) => fault !== undefined);
}

/** Removing what is not there any more is a success, once it is seen not to be there. */
async function send(step: Step, request: WriteRequest, session: ApplySession): Promise<Removal> {
  const id = request.id ?? '';
  try {
    await session.client(step.target).write(request);
    return { id };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.code !== 'not-found') throw (await inUse(step, error, session)) ?? error;
    return { id, notFound: error };
  }
}

/** A refusal to remove may mean "in use", which some vendors do not tell from a missing permission. */
async function inUse(
  step: Step,
  error: VendorError,
  session: ApplySession,
): Promise<VendorError | undefined> {
  if (error.code !== 'forbidden' && error.code !== 'conflict') return undefined;
  const live = await listObjects(step.kind, session.client(step.target).read).catch(() => []);
  const { mask } = session.input.prepared.secrets;
  const users = (live.find((object) => object.id === step.live?.id)?.usedBy ?? []).map(mask);
  if (users.length === 0) return undefined;
  return error.withMessage(`${error.message}: still used by ${users.join(', ')}`);
}
