import { quoteName } from '../model/format-path.js';
import { entriesOf } from '../model/ledger.js';
import { VendorError, type VendorErrorCode } from '../model/vendor-error.js';
import type { WantedStep } from '../plan/step.js';
import { groupByUniqueName, takenName } from '../plan/unique-names.js';
import { listObjects } from '../prepare/list-objects.js';
import type { ApplySession } from './session.js';

/** Vendors that document a name as unique do not document how they refuse it. */
const REFUSALS: ReadonlySet<VendorErrorCode> = new Set(['conflict', 'invalid', 'refused']);

/**
 * A fault of a write that gives an object a unique name: where another object has that name by now, it says so. The manifest
 * is right then, also where the vendor calls the request invalid.
 */
export async function explainTakenName(
  step: WantedStep,
  fault: unknown,
  session: ApplySession,
): Promise<unknown> {
  const name = takenName(step);
  if (name === undefined || !(fault instanceof VendorError) || !REFUSALS.has(fault.code)) return fault;
  const { kind, target } = step;
  const list = () => listObjects(kind, session.client(target).read);
  const listing = session.lookUps.listAfter(session.lookUps.begun(target, kind), target, kind, list);
  const live = await listing.catch(() => []);
  const namesakes = groupByUniqueName(kind, live).get(name.key) ?? [];
  const holder = namesakes.find(({ id }) => id !== step.live?.id);
  if (holder === undefined) return fault;
  const entries = entriesOf(session.input.ledger.objects, target, kind.name);
  const address = entries.find(([, { id }]) => id === holder.id)?.[0];
  const id = session.input.prepared.secrets.mask(holder.id);
  const object = address === undefined ? id : `${address} (${id})`;
  return fault.withMessage(
    `${fault.message}: the name ${quoteName(name.name)} is that of ${object}`,
    'conflict',
  );
}
