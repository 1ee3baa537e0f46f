import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { listObjects } from './list-objects.js';

/** One object, or undefined where the vendor has none of this id. A kind that cannot read one is listed. */
export async function readIfPresent(kind: Kind, read: Read, id: string): Promise<Live | undefined> {
  if (kind.read === undefined) return (await listObjects(kind, read)).find((live) => live.id === id);
  try {
    return await kind.read(read, id);
  } catch (error) {
    if (error instanceof VendorError && error.code === 'not-found') return undefined;
    throw error;
  }
}
