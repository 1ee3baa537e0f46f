import { consistencyWindow } from '../model/consistency.js';
import type { Kind } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { proveListing } from '../prepare/list-objects.js';
import { readIfPresent } from '../prepare/read-if-present.js';
import type { Removal } from './removal.js';
import type { ApplySession } from './session.js';

/**
 * The faults of those removals that did not happen, by id: an answer alone proves nothing, and trusting it could mean
 * forgetting a live object together with its key. Looks for each object by its id, or in one listing for all of them
 * where the vendor cannot read one; what is still shown, again until the consistency window of the kind is over.
 */
export async function verifyDeleted(
  kind: Kind,
  target: string,
  removals: readonly Removal[],
  session: ApplySession,
): Promise<Map<string, VendorError>> {
  try {
    const there = await findRemaining(kind, target, new Set(removals.map(({ id }) => id)), session);
    const remaining = removals.filter(({ id }) => there.has(id));
    return new Map(remaining.map((removal) => [removal.id, notRemoved(removal)]));
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    // Any failure to look leaves it unclear if the object is gone.
    const message = `it could not be seen whether it was removed: ${error.message}; the next plan shows it`;
    return new Map(removals.map(({ id }) => [id, error.withMessage(message, 'unexpected')]));
  }
}

async function findRemaining(
  kind: Kind,
  target: string,
  ids: ReadonlySet<string>,
  session: ApplySession,
): Promise<ReadonlySet<string>> {
  let there = await findPresent(kind, target, ids, session);
  if (there.size === 0) return there;
  const untilMs = session.input.clock.now() + consistencyWindow(kind.rules);
  const still = new VendorError('incomplete', 'it still shows what was removed a moment ago');
  await session.lookAgain(target, still, untilMs, async () => {
    there = await findPresent(kind, target, there, session);
    return there.size === 0;
  });
  return there;
}

async function findPresent(
  kind: Kind,
  target: string,
  ids: ReadonlySet<string>,
  session: ApplySession,
): Promise<ReadonlySet<string>> {
  const { read } = session.client(target);
  const found =
    kind.read === undefined
      ? await proveListing(kind, read)
      : await Promise.all([...ids].map((id) => readIfPresent(kind, read, id)));
  return new Set(found.flatMap((live) => (live !== undefined && ids.has(live.id) ? [live.id] : [])));
}

function notRemoved({ notFound }: Removal): VendorError {
  const answer = notFound === undefined ? 'is removed' : `is not found (HTTP ${notFound.status})`;
  const message = `the vendor answered that it ${answer}, and shows it all the same: it was not removed`;
  return notFound?.withMessage(message, 'refused') ?? new VendorError('refused', message);
}
