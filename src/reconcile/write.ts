import { DiagnosticError } from '../model/diagnostic.js';
import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { clientIdFor, naturalName } from '../plan/identity.js';
import { type Step, writesOf } from '../plan/step.js';
import { forget, record } from './record.js';
import type { Session } from './session.js';
import { mayHaveHappened, settleCreate } from './settle.js';

/** Sends the writes of a step and records what came of each at once. Returns the object's id, if there is one. */
export async function writeStep(step: Step, session: Session): Promise<string | undefined> {
  const { main } = writesOf(step, session.substitution(step.target));
  let id = step.live?.id;
  for (const request of main) {
    if (request.method === 'POST') id = await create(step, request, session);
    else if (request.method === 'DELETE') await remove(step, request, session);
    else await session.client(step.target).write(request);
  }
  if (step.change.action === 'delete') {
    forget(session.input.ledger, step.change.address);
    id = undefined;
  } else if (id !== undefined) {
    remember(step, id, step.retire, session);
  }
  await session.input.save();
  return id;
}

/** Removes the earlier versions of an object, now that nothing of ours refers to them. */
export async function retireOld(step: Step, id: string | undefined, session: Session): Promise<void> {
  const { retire } = writesOf(step, session.substitution(step.target));
  for (const [i, request] of retire.entries()) {
    await remove(step, request, session);
    if (id === undefined) continue;
    remember(step, id, step.retire.slice(i + 1), session);
    await session.input.save();
  }
}

/** A create cannot be repeated: an intent is recorded before it, and after an unclear answer we look first. */
async function create(step: Step, request: WriteRequest, session: Session): Promise<string> {
  const { change, kind, target, project } = step;
  const { ledger, save } = session.input;
  const name = naturalName(kind, step.desired);
  const known = session.seen(target, kind).live.filter((live) => naturalName(kind, live.spec) === name);
  ledger.intents[change.address] = {
    vendor: change.vendor,
    ...(kind.rules.clientId !== undefined && { id: clientIdFor(project, change.address) }),
    known: known.map((live) => live.id).sort(),
  };
  await save();
  let id: string;
  try {
    id = kind.createdId(await session.client(target).write(request));
  } catch (error) {
    const settled = await settleCreate(step, error, session);
    if (settled === undefined) {
      if (!mayHaveHappened(error)) delete ledger.intents[change.address];
      throw error;
    }
    if (isConflict(error)) throw existsAlready(step, settled, error, session);
    id = settled;
  }
  session.learn(change.address, id);
  return id;
}

/** An object of ours that planning did not see: what it holds is unknown, so the next plan compares it. */
function existsAlready(step: Step, id: string, error: VendorError, session: Session): VendorError {
  const { ledger } = session.input;
  ledger.objects[step.change.address] = { vendor: step.change.vendor, id, applied: {} };
  delete ledger.intents[step.change.address];
  const message = `it exists already as ${id}, though the listing did not show it; the next plan compares it`;
  return new VendorError('conflict', message, { operation: error.operation, cause: error });
}

function isConflict(error: unknown): error is VendorError {
  return error instanceof VendorError && error.code === 'conflict';
}

/** Removing what is not there any more is a success. */
async function remove(step: Step, request: WriteRequest, session: Session): Promise<void> {
  try {
    await session.client(step.target).write(request);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.code === 'not-found') return;
    throw (await inUse(step, error, session)) ?? error;
  }
}

/** A refusal to remove may mean "in use", which some vendors do not tell from a missing permission. */
async function inUse(step: Step, error: VendorError, session: Session): Promise<VendorError | undefined> {
  if (error.code !== 'forbidden' && error.code !== 'conflict') return undefined;
  const live = await step.kind.list(session.client(step.target).read).catch(() => []);
  const users = live.find((object) => object.id === step.live?.id)?.usedBy ?? [];
  if (users.length === 0) return undefined;
  return new VendorError(error.code, `${error.message}: still used by ${users.join(', ')}`, {
    operation: error.operation,
    ...(error.status !== undefined && { status: error.status }),
    cause: error,
  });
}

function remember(step: Step, id: string, retired: readonly string[], session: Session): void {
  const { manifest, kind, target, change, entry } = step;
  if (manifest === undefined) return;
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
