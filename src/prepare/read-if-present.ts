import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { listObjects } from './list-objects.js';

/**
 * One object, or undefined where the vendor has none of this id. A kind that cannot read one is listed. Throws
 * `VendorError` `unexpected` for another object than the one that was asked for: a cache or a proxy that mixes up answers
 * would make us write what another object holds.
 */
export async function readIfPresent(kind: Kind, read: Read, id: string): Promise<Live | undefined> {
  if (kind.read === undefined) return (await listObjects(kind, read)).find((live) => live.id === id);
  let live: Live;
  try {
    live = await kind.read(read, id);
  } catch (error) {
    if (error instanceof VendorError && error.code === 'not-found') return undefined;
    throw error;
  }
  if (live.id === id) return live;
  // The other id is not shown: it was not looked at yet whether it is a secret.
  throw new VendorError('unexpected', `the vendor answered with another ${kind.name} than ${id}`);
}
