import { assertNever } from '../model/assert-never.js';
import { DiagnosticError } from '../model/diagnostic.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { clientIdFor, naturalName } from '../plan/match/identity.js';
import { type DeleteStep, isWanted, type WantedStep } from '../plan/step.js';
import { undeclaredKeys, writesOf } from '../plan/writes.js';
import { assertUnchanged, StaleError } from './check-stale.js';
import { createObject, dropIntent, findCreated, type UnclearCreateError } from './create-object.js';
import { recordWritten } from './record.js';
import { mayHaveBeenCreated } from './recover-create.js';
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
        id = await createObject(step, request, session);
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
  if (id === undefined) return undefined;
  recordWritten(step, id, step.retire, session);
  session.tellWritten(step.change.address, id);
  return id;
}

/** Looks for the object of an unclear create, and records it like any other. Throws what the create did. */
export async function settleCreate(
  { step, listings, cause }: UnclearCreateError,
  session: ApplySession,
): Promise<string> {
  const id = await findCreated(step, cause, listings, session);
  session.learn(step.change.address, id);
  recordWritten(step, id, step.retire, session);
  session.tellWritten(step.change.address, id);
  await session.input.save();
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

/** Removes the object that a replacement deletes first. If the vendor refuses, nothing is created either. */
async function removeFirst(step: WantedStep, request: WriteRequest, session: ApplySession): Promise<void> {
  try {
    await removeReplaced(step, request, session);
  } catch (error) {
    if (!mayHaveBeenCreated(error, step.kind)) dropIntent(step, session);
    throw error;
  }
}

/** An object that is not found was removed after the check that read it again. */
async function update(step: WantedStep, request: WriteRequest, session: ApplySession): Promise<void> {
  try {
    await session.client(step.target).write(request);
  } catch (error) {
    if (!(error instanceof VendorError) || error.code !== 'not-found') throw error;
    throw new StaleError(error.message, { cause: error });
  }
}

/** Tells if the ledger itself failed: then nothing more may be written, because it could not be recorded. */
export function isLedgerFailure(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.some(({ code }) => code === 'ledger');
}
