import { hasSentValues } from '../diff/stored-values.js';
import type { Kind, Live } from '../model/vendor.js';
import { VendorError, type VendorErrorCode } from '../model/vendor-error.js';
import { naturalName, ownershipMarkFor, ownershipMarkOf } from '../plan/match/identity.js';
import { isWanted, makesNewId, type WantedStep } from '../plan/step.js';
import { takesMark } from '../plan/writes.js';
import { listObjects } from '../prepare/list-objects.js';
import { readIfPresent } from '../prepare/read-if-present.js';
import type { ApplySession } from './session.js';

/** Answers that leave open whether the vendor did what it was asked to. */
const UNCLEAR: ReadonlySet<VendorErrorCode> = new Set([
  'unreachable',
  'protocol',
  'timeout',
  'not-json',
  'unexpected',
  'server',
  'redirect',
]);

/** Tells if an object is found by the id that we made for it. */
export function isReadById({ rules, read }: Kind): boolean {
  return rules.clientId !== undefined && read !== undefined;
}

export function mayHaveBeenCreated(error: unknown, { rules }: Kind): boolean {
  // A bug in llmform may have thrown this while it handled the answer.
  if (!(error instanceof VendorError)) return true;
  if (!error.sent) return false;
  // The conflicting object may be ours only where our objects can be told from those of others.
  if (error.code === 'conflict') return rules.clientId !== undefined || rules.mark !== undefined;
  return UNCLEAR.has(error.code);
}

/**
 * Looks for an object after a create whose answer was unclear or said "already exists". Returns its id when
 * exactly one object can be ours: by the id we made, by our mark, or by its name among objects that are new. `listings`
 * of its kind had begun when the create failed.
 */
export async function recoverCreate(
  step: WantedStep,
  error: unknown,
  listings: number,
  session: ApplySession,
): Promise<string | undefined> {
  const { kind, target } = step;
  if (!mayHaveBeenCreated(error, kind)) return undefined;
  const client = session.client(target);
  try {
    if (isReadById(kind)) {
      const id = step.clientId?.id;
      return id === undefined ? undefined : (await readIfPresent(kind, client.read, id))?.id;
    }
    const list = () => listObjects(kind, client.read);
    const listing = await session.lookUps.listAfter(listings, target, kind, list);
    const ours = listing.filter((live) => isOurs(step, live, session));
    return ours.length === 1 ? ours[0]?.id : undefined;
  } catch {
    // The look-up failed too: the intent stays in the ledger, and the next plan looks again.
    return undefined;
  }
}

function isOurs(step: WantedStep, live: Live, session: ApplySession): boolean {
  const { kind, target, project, change } = step;
  // The object that is being replaced has the same mark and the same name.
  if (session.seen(target, kind).live.some(({ id }) => id === live.id)) return false;
  if (takesMark(step)) return ownershipMarkOf(kind, live) === ownershipMarkFor(project, change.address);
  if (hasTwin(step, session) || naturalName(kind, live.spec) !== naturalName(kind, step.desired))
    return false;
  // A name alone never binds: someone else may have used it in the meantime.
  return hasSentValues(live.spec, session.sentBy(step), kind.rules, session.codec);
}

/** Names may repeat: what this run creates under the same name for another address is not to be taken for ours. */
function hasTwin(step: WantedStep, session: ApplySession): boolean {
  const { kind, target, desired, change } = step;
  const name = naturalName(kind, desired);
  return session.input.prepared.steps.some(
    (other) =>
      isWanted(other) &&
      other.change.address !== change.address &&
      other.target === target &&
      other.kind === kind &&
      makesNewId(other) &&
      naturalName(kind, other.desired) === name,
  );
}
