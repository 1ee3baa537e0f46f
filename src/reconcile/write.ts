import { assertNever } from '../model/assert-never.js';
import { DiagnosticError } from '../model/diagnostic.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { clientIdFor, naturalName } from '../plan/identity.js';
import { type DeleteStep, isWanted, othersKeys, type Step, type WantedStep, writesOf } from '../plan/step.js';
import { ensureFresh, StaleError } from './fresh.js';
import { refusalUnlessGone } from './gone.js';
import { forget, record } from './record.js';
import type { Session } from './session.js';
import { mayHaveHappened, settleCreate } from './settle.js';
import { refuseTelling } from './telling.js';

/** Sends the writes of a step and records what came of each at once. Returns the object's id, if there is one. */
export async function writeStep(
  step: WantedStep | DeleteStep,
  session: Session,
): Promise<string | undefined> {
  const id = isWanted(step) ? await writeWanted(step, session) : await removeLeftOver(step, session);
  await session.input.save();
  return id;
}

async function writeWanted(step: WantedStep, session: Session): Promise<string | undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  if (main.length > 0) await ensureFresh(step, session);
  if (main.some(({ op }) => op === 'create')) await intend(step, session);
  let id = step.live?.id;
  for (const request of main) {
    switch (request.op) {
      case 'create':
        id = await create(step, request, session);
        break;
      case 'remove':
        await removeFirst(step, request, session);
        break;
      case 'update':
        await update(step, request, session);
        break;
      default:
        assertNever(request.op);
    }
  }
  if (id !== undefined) remember(step, id, step.retire, session);
  return id;
}

async function removeLeftOver(step: DeleteStep, session: Session): Promise<undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  await ensureFresh(step, session);
  for (const request of main) await remove(step, request, session);
  const { ledger } = session.input;
  forget(ledger, step.change.address);
  // Where we mark our objects, nothing that was begun is left either; elsewhere the intent alone would tell.
  if (step.kind.rules.mark !== undefined) delete ledger.intents[step.change.address];
  return undefined;
}

/** Removes the earlier versions of an object, now that nothing of ours refers to them. */
export async function retireOld(step: WantedStep, id: string | undefined, session: Session): Promise<void> {
  const { retire } = writesOf(step, session.substitution(step.target));
  for (const [i, request] of retire.entries()) {
    await remove(step, request, session);
    if (id === undefined) continue;
    remember(step, id, step.retire.slice(i + 1), session);
    await session.input.save();
  }
}

/**
 * A create cannot be repeated, so it is recorded before anything is sent. So is what it replaces, and what earlier
 * creates left behind: the intents that showed these to be ours end with this one.
 */
async function intend(step: WantedStep, session: Session): Promise<void> {
  const { change, kind, target, project, live, entry, manifest } = step;
  const { ledger, save } = session.input;
  const { address, vendor } = change;
  if (live !== undefined) {
    const known = [ledger.objects[address], entry].find((one) => one?.id === live.id);
    const retired = [...step.kept, ...step.retire].filter((id) => id !== live.id);
    ledger.objects[address] = {
      ...(known ?? { vendor, id: live.id, applied: {} }),
      ...(retired.length > 0 && { retired }),
      ...(manifest.preventDestroy && { preventDestroy: true }),
    };
  }
  const name = naturalName(kind, step.desired);
  const namesakes = session.seenByName(target, kind, name);
  const inherited =
    step.action === 'replace'
      ? await session.input.prospect.sealKeys(target, othersKeys(step))
      : ledger.intents[address]?.inherited;
  ledger.intents[address] = {
    vendor,
    ...(name !== undefined && { name }),
    ...(kind.rules.mark === undefined && { sent: session.sentBy(step) }),
    ...(inherited !== undefined && { inherited }),
    ...(kind.rules.clientId !== undefined && { id: clientIdFor(project, address) }),
    known: namesakes.map(({ id }) => id).sort(),
  };
  await save();
}

/** Nothing was created, and nothing will be by this run. What was to be adopted goes back to whom it belongs to. */
function giveUp({ action, change, entry }: WantedStep, session: Session): void {
  const { ledger } = session.input;
  delete ledger.intents[change.address];
  if (action === 'adopt' && entry === undefined) delete ledger.objects[change.address];
}

/** What a replacement removes first: where that is refused, nothing is created either. */
async function removeFirst(step: WantedStep, request: WriteRequest, session: Session): Promise<void> {
  try {
    await remove(step, request, session);
  } catch (error) {
    if (!mayHaveHappened(error, step.kind)) giveUp(step, session);
    throw error;
  }
}

/** An object that is not found was removed since it was read again: whoever removed it was quicker. */
async function update(step: WantedStep, request: WriteRequest, session: Session): Promise<void> {
  try {
    await session.client(step.target).write(request);
  } catch (error) {
    if (!(error instanceof VendorError) || error.code !== 'not-found') throw error;
    throw new StaleError(error.message, { cause: error });
  }
}

/** After an unclear answer we look before anything is created again. */
async function create(step: WantedStep, request: WriteRequest, session: Session): Promise<string> {
  const { change, kind, target } = step;
  let id: string;
  try {
    id = kind.createdId(await session.client(target).write(request));
    refuseTelling(id, session.input.prospect.secrets);
  } catch (error) {
    const settled = await settleCreate(step, error, session);
    if (settled === undefined) {
      if (replacesDeleted(step)) throw oldOneIsGone(step, error, session);
      if (!mayHaveHappened(error, step.kind)) giveUp(step, session);
      throw error;
    }
    refuseTelling(settled, session.input.prospect.secrets);
    if (isConflict(error)) throw existsAlready(step, settled, error, session);
    id = settled;
  }
  session.learn(change.address, id);
  return id;
}

function replacesDeleted({ action, kind }: WantedStep): boolean {
  return action === 'replace' && kind.rules.replace === 'delete-first';
}

/** The intent stays: it holds other people's keys for the create to come. */
function oldOneIsGone({ change }: Step, error: unknown, session: Session): unknown {
  forget(session.input.ledger, change.address);
  session.removed.add(change.address);
  if (!(error instanceof VendorError)) return error;
  const message = `the old object was removed, and the new one could not be created: ${error.message}; the next apply creates it`;
  return error.withMessage(message);
}

/** An object of ours that planning did not see: what it holds is unknown, so the next plan compares it. */
function existsAlready(step: WantedStep, id: string, error: VendorError, session: Session): VendorError {
  const { ledger } = session.input;
  ledger.objects[step.change.address] = { vendor: step.change.vendor, id, applied: {} };
  delete ledger.intents[step.change.address];
  const message = `it exists already as ${id}, though the listing did not show it; the next plan compares it`;
  return error.withMessage(message);
}

function isConflict(error: unknown): error is VendorError {
  return error instanceof VendorError && error.code === 'conflict';
}

/** Removing what is not there any more is a success, once it is seen not to be there. */
async function remove(step: Step, request: WriteRequest, session: Session): Promise<void> {
  try {
    await session.client(step.target).write(request);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.code !== 'not-found') throw (await inUse(step, error, session)) ?? error;
    const refusal = await refusalUnlessGone(step, request, error, session);
    if (refusal !== undefined) throw refusal;
  }
}

/** A refusal to remove may mean "in use", which some vendors do not tell from a missing permission. */
async function inUse(step: Step, error: VendorError, session: Session): Promise<VendorError | undefined> {
  if (error.code !== 'forbidden' && error.code !== 'conflict') return undefined;
  const live = await step.kind.list(session.client(step.target).read).catch(() => []);
  const { mask } = session.input.prospect.secrets;
  const users = (live.find((object) => object.id === step.live?.id)?.usedBy ?? []).map(mask);
  if (users.length === 0) return undefined;
  return error.withMessage(`${error.message}: still used by ${users.join(', ')}`);
}

function remember(step: WantedStep, id: string, retired: readonly string[], session: Session): void {
  const { manifest, kind, target, change, entry } = step;
  record(session.input.ledger, {
    manifest,
    kind,
    id,
    spec: session.withIds(manifest.spec, target, kind),
    memory: session.memory(change.address, entry),
    notPersisted: session.input.ledger.objects[change.address]?.notPersisted ?? {},
    retired: [...step.kept, ...retired],
  });
}

/** Whether the ledger itself failed: then nothing more may be written, because it could not be recorded. */
export function isLedgerFailure(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'ledger');
}
