import { LlmformError } from '../model/llmform-error.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import type { Step, WantedStep } from '../plan/step.js';
import { assertNoSecretInId } from '../prepare/check-ids.js';
import { forgetObject, stampEntry } from './record.js';
import { isReadById, mayHaveBeenCreated, recoverCreate } from './recover-create.js';
import type { ApplySession } from './session.js';

/**
 * A create that may have been carried out. Its object is looked up by `settleCreate`, once nothing else of its target can
 * run: a single listing then serves all that failed so.
 */
export class UnclearCreateError extends LlmformError {
  override readonly name = 'UnclearCreateError';
  readonly code = 'unclear';
  readonly step: WantedStep;
  /** How many listings of its kind had begun by then: none of these can tell. */
  readonly listings: number;

  constructor(step: WantedStep, listings: number, cause: unknown) {
    super('the create may have been carried out', { cause });
    this.step = step;
    this.listings = listings;
  }
}

/** Creates are the last write of a step. Throws `UnclearCreateError` where a listing has to tell what came of it. */
export async function createObject(
  step: WantedStep,
  request: WriteRequest,
  session: ApplySession,
): Promise<string> {
  const { change, kind, target } = step;
  let id: string;
  try {
    id = kind.createdId(await session.client(target).write(request));
    assertNoSecretInId(id, session.input.prepared.secrets);
    if (!isNewId(id, step, session)) {
      throw new VendorError('unexpected', `the create was answered with the id of another ${kind.name}`);
    }
  } catch (error) {
    const listings = session.lookUps.begun(target, kind);
    if (mayHaveBeenCreated(error, kind) && !isReadById(kind))
      throw new UnclearCreateError(step, listings, error);
    id = await findCreated(step, error, listings, session);
  }
  session.learn(change.address, id);
  return id;
}

/** A derived id may be that of the object that was replaced; any other id must not be in use. */
function isNewId(id: string, { kind, target, live }: WantedStep, session: ApplySession): boolean {
  return kind.rules.clientId !== undefined || id === live?.id || session.claimId(target, kind, id);
}

/** After an unclear answer we look before anything is created again. Returns the id, or throws what the create did. */
export async function findCreated(
  step: WantedStep,
  error: unknown,
  listings: number,
  session: ApplySession,
): Promise<string> {
  const found = await recoverCreate(step, error, listings, session);
  if (found === undefined) {
    if (replacesDeleted(step)) {
      if (!mayHaveBeenCreated(error, step.kind)) clearIntent(step, session);
      throw explainLostReplacement(step, error, session);
    }
    // Where something else was in the way, this create was not carried out.
    if (!mayHaveBeenCreated(error, step.kind) || isConflict(error)) dropIntent(step, session);
    throw error;
  }
  assertNoSecretInId(found, session.input.prepared.secrets);
  if (isConflict(error)) throw explainExisting(step, found, error, session);
  return found;
}

/** Nothing was created, and nothing will be by this run. What was to be adopted goes back to whom it belongs to. */
export function dropIntent({ action, change, entry }: WantedStep, session: ApplySession): void {
  const { ledger } = session.input;
  delete ledger.intents[change.address];
  if (action === 'adopt' && entry === undefined) delete ledger.objects[change.address];
}

/** The intent stays, with the keys for the next create. No object can appear, so no date asks to wait for one. */
function clearIntent({ change: { address } }: WantedStep, { input: { ledger } }: ApplySession): void {
  const { at: _, ...intent } = ledger.intents[address] ?? {};
  if ('vendor' in intent) ledger.intents[address] = intent;
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

/** Explains that planning missed an object of this project: its values are unknown, so the next plan compares it. */
function explainExisting(
  step: WantedStep,
  id: string,
  error: VendorError,
  session: ApplySession,
): VendorError {
  const { ledger } = session.input;
  const entry = { vendor: step.change.vendor, id, applied: {} };
  ledger.objects[step.change.address] = stampEntry(entry, session.input.run);
  delete ledger.intents[step.change.address];
  const message = `it exists already as ${id}, though the listing did not show it; the next plan compares it`;
  return error.withMessage(message);
}

function isConflict(error: unknown): error is VendorError {
  return error instanceof VendorError && error.code === 'conflict';
}
