import type { Address } from '../model/address.js';
import { assertNever } from '../model/assert-never.js';
import { DiagnosticError } from '../model/diagnostic.js';
import { LlmformError } from '../model/llmform-error.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { naturalName } from '../plan/match/identity.js';
import { isMarkStep, isWanted, type WantedStep, type WorkStep } from '../plan/step.js';
import { takesMark, undeclaredKeys, writesOf } from '../plan/writes.js';
import { assertUnchanged, StaleError } from './check-stale.js';
import { createObject, dropIntent, findCreated, type UnclearCreateError } from './create-object.js';
import type { Turn } from './lane.js';
import { recordWritten } from './record.js';
import { mayHaveBeenCreated } from './recover-create.js';
import { removeLeftOver, removeReplaced } from './remove.js';
import type { ApplySession, Stopped } from './session.js';
import { writeMark } from './write-mark.js';

/** The run was stopped before anything of a step was sent. */
export class StoppedError extends LlmformError {
  override readonly name = 'StoppedError';
  readonly code: Stopped['code'];

  constructor({ code, because }: Stopped) {
    super(`${because} before it was started`);
    this.code = code;
  }
}

/**
 * Sends the writes of a step and records what came of each, which is still to be saved. Returns the object's id, if there
 * is one. Throws `StoppedError` where the run was stopped before anything was sent.
 */
export async function writeStep(
  step: WorkStep,
  turn: Turn,
  session: ApplySession,
): Promise<string | undefined> {
  if (isWanted(step)) return writeWanted(step, turn, session);
  return isMarkStep(step) ? writeMark(step, session) : removeLeftOver(step, session);
}

async function writeWanted(step: WantedStep, turn: Turn, session: ApplySession): Promise<string | undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  if (main.length > 0) await assertUnchanged(step, session);
  if (main.some(({ op }) => op === 'create')) await announceCreate(step, turn, session);
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
  return id;
}

/**
 * Nothing is sent before its intent is durable. Meanwhile others of the target go on, and their intents go into the same
 * save. What is not sent after all leaves the ledger as it was, also an intent of an earlier run.
 */
async function announceCreate(step: WantedStep, turn: Turn, session: ApplySession): Promise<void> {
  const { objects, intents } = session.input.ledger;
  const { address } = step.change;
  const [entry, intent] = [objects[address], intents[address]];
  const withdraw = () => {
    restore(objects, address, entry);
    restore(intents, address, intent);
  };
  try {
    await recordIntent(step, session);
    await turn.away(() => session.recorder.save());
  } catch (error) {
    withdraw();
    // One save fails for all whose intents it held: the first of them says why.
    throw session.stopped === undefined ? error : new StoppedError(session.stopped);
  }
  if (session.stopped === undefined) return;
  withdraw();
  throw new StoppedError(session.stopped);
}

function restore<T>(entries: Record<Address, T>, address: Address, before: T | undefined): void {
  if (before === undefined) delete entries[address];
  else entries[address] = before;
}

/**
 * A create cannot be repeated, so it is recorded before anything is sent. So is what it replaces, and what earlier
 * creates left behind: the intents that showed these to be ours end with this one.
 */
async function recordIntent(step: WantedStep, session: ApplySession): Promise<void> {
  const { change, kind, target, live, entry, manifest, clientId } = step;
  const { ledger } = session.input;
  const { address, vendor } = change;
  // An object that is adopted is not ours before its new version is there.
  if (live !== undefined && step.action !== 'adopt') {
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
    // Where neither a mark nor an id of our making tells, what was sent does.
    ...(!takesMark(step) && kind.rules.clientId === undefined && { sent: session.sentBy(step) }),
    ...(inherited !== undefined && { inherited }),
    ...(clientId !== undefined && { id: clientId.id }),
    known: namesakes.map(({ id }) => id).sort(),
  };
  if (clientId !== undefined && clientId.count > 0) ledger.ids = { ...ledger.ids, [address]: clientId.count };
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
