import type { WriteRequest } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import type { Step } from '../plan/step.js';
import type { Session } from './session.js';

/**
 * What a 404 to a DELETE comes to: nothing where the object is gone, and an error where it is there all the same. A
 * proxy or a missing permission answers 404 as well, and whoever believed it would forget a living object.
 */
export async function refusalUnlessGone(
  step: Step,
  request: WriteRequest,
  error: VendorError,
  session: Session,
): Promise<VendorError | undefined> {
  if (!(await isThere(step, request, session))) return undefined;
  const message = `the vendor answered that it is not found (HTTP ${error.status}), and shows it all the same: it was not removed`;
  return error.withMessage(message, 'refused');
}

async function isThere({ kind, target }: Step, { id }: WriteRequest, session: Session) {
  const { read } = session.client(target);
  if (kind.read === undefined || id === undefined)
    return (await kind.list(read)).some((one) => one.id === id);
  try {
    await kind.read(read, id);
    return true;
  } catch (error) {
    if (error instanceof VendorError && error.code === 'not-found') return false;
    throw error;
  }
}
