import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';

/** How often a listing is read again. */
const REREADS = 3;

/**
 * All objects of a kind. Others insert and delete while a listing is read page by page, so one that does not add up is
 * read again before it counts as incomplete. Every listing goes through here. Throws `VendorError`.
 */
export async function listObjects(kind: Kind, read: Read): Promise<Live[]> {
  for (let reread = 0; ; reread += 1) {
    try {
      return await kind.list(read);
    } catch (error) {
      const moved = error instanceof VendorError && error.code === 'incomplete';
      if (!moved || reread === REREADS) throw error;
    }
  }
}
