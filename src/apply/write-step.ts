import { assertNever } from '../model/assert-never.js';
import { DiagnosticError } from '../model/diagnostic.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { clientIdFor, naturalName } from '../plan/match/identity.js';
import {
  type DeleteStep,
  isWanted,
  type Step,
  undeclaredKeys,
  type WantedStep,
  writesOf,
} from '../plan/step.js';
import { assertNoSecretInId } from '../prepare/check-ids.js';
import { assertUnchanged, StaleError } from './check-stale.js';
import { forgetObject, recordWritten } from './record.js';
import { mayHaveBeenCreated, recoverCreate } from './recover-create.js';
import { removeLeftOver, removeReplaced } from './remove.js';
import type { ApplySession } from './session.js';

/** Sends the writes of a step and records what came of each at once. Returns the object's id, if there is one. */
export async function writeStep(
  step: WantedStep | DeleteStep,
  session: ApplySession,
): Promise<string | undefined> {
  const id = isWanted(step) ? await writeWanted(step, session) : await removeLeftOver(step, session);
  await session.input.save();
  return id;
}

async function writeWanted(step: WantedStep, session: ApplySession): Promise<string | undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  if (main.length > 0) await assertUnchanged(step, session);
  if (main.some(({ op }) => op === 'create')) await recordIntent(step, session);
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
  if (id !== undefined) recordWritten(step, id, step.retire, session);
  return id;
}

/**
 * A create cannot be repeated, so it is recorded before anything is sent. So is what it replaces, and what earlier
 * creates left behind: the intents that showed these to be ours end with this one.
 */
async function recordIntent(step: WantedStep, session: ApplySession): Promise<void> {
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
      ? await session.input.prepared.sealKeys(target, undeclaredKeys(step))
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
function dropIntent({ action, change, entry }: WantedStep, session: ApplySession): void {
  const { ledger } = session.input;
  delete ledger.intents[change.address];
  if (action === 'adopt' && entry === undefined) delete ledger.objects[change.address];
}

/** What a replacement removes first: where that is refused, nothing is created either. */
async function removeFirst(step: WantedStep, request: WriteRequest, session: ApplySession): Promise<void> {
  try {
    await removeReplaced(step, request, session);
  } catch (error) {
    if (!mayHaveBeenCreated(error, step.kind)) dropIntent(step, session);
    throw error;
  }
}

/** An object that is not found was removed since it was read again: whoever removed it was quicker. */
async function update(step: WantedStep, request: WriteRequest, session: ApplySession): Promise<void> {
  try {
    await session.client(step.target).write(request);
  } catch (error) {
    if (!(error instanceof VendorError) || error.code !== 'not-found') throw error;
    throw new StaleError(error.message, { cause: error });
  }
}

/** After an unclear answer we look before anything is created again. */
async function create(step: WantedStep, request: WriteRequest, session: ApplySession): Promise<string> {
  const { change, kind, target } = step;
  let id: string;
  try {
    id = kind.createdId(await session.client(target).write(request));
    assertNoSecretInId(id, session.input.prepared.secrets);
  } catch (error) {
    const settled = await recoverCreate(step, error, session);
    if (settled === undefined) {
      if (replacesDeleted(step)) throw explainLostReplacement(step, error, session);
      if (!mayHaveBeenCreated(error, step.kind)) dropIntent(step, session);
      throw error;
    }
    assertNoSecretInId(settled, session.input.prepared.secrets);
    if (isConflict(error)) throw explainExisting(step, settled, error, session);
    id = settled;
  }
  session.learn(change.address, id);
  return id;
}

function replacesDeleted({ action, kind }: WantedStep): boolean {
  return action === 'replace' && kind.rules.replace === 'delete-first';
}

/** The intent stays: it holds other people's keys for the create to come. */
function explainLostReplacement({ change }: Step, error: unknown, session: ApplySession): unknown {
  forgetObject(session.input.ledger, change.address);
  session.removed.add(change.address);
  if (!(error instanceof VendorError)) return error;
  const message = `the old object was removed, and the new one could not be created: ${error.message}; the next apply creates it`;
  return error.withMessage(message);
}

/** An object of ours that planning did not see: what it holds is unknown, so the next plan compares it. */
function explainExisting(
  step: WantedStep,
  id: string,
  error: VendorError,
  session: ApplySession,
): VendorError {
  const { ledger } = session.input;
  ledger.objects[step.change.address] = { vendor: step.change.vendor, id, applied: {} };
  delete ledger.intents[step.change.address];
  const message = `it exists already as ${id}, though the listing did not show it; the next plan compares it`;
  return error.withMessage(message);
}

function isConflict(error: unknown): error is VendorError {
  return error instanceof VendorError && error.code === 'conflict';
}

/** Whether the ledger itself failed: then nothing more may be written, because it could not be recorded. */
export function isLedgerFailure(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'ledger');
}
