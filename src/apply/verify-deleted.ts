import type { WriteRequest } from '../model/vendor.js';
import type { VendorError } from '../model/vendor-error.js';
import type { Step } from '../plan/step.js';
import { readIfPresent } from '../prepare/read-if-present.js';
import type { ApplySession } from './session.js';

/**
 * What a 404 to a DELETE comes to: nothing where the object is gone, and an error where it is there all the same. A
 * proxy or a missing permission answers 404 as well, and whoever believed it would forget a living object.
 */
export async function verifyDeleted(
  step: Step,
  request: WriteRequest,
  error: VendorError,
  session: ApplySession,
): Promise<VendorError | undefined> {
  const { read } = session.client(step.target);
  const isThere =
    request.id !== undefined && (await readIfPresent(step.kind, read, request.id)) !== undefined;
  if (!isThere) return undefined;
  const message = `the vendor answered that it is not found (HTTP ${error.status}), and shows it all the same: it was not removed`;
  return error.withMessage(message, 'refused');
}
