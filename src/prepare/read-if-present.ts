import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';
import { proveListing } from './list-objects.js';

/**
 * One object, or undefined where the vendor has none of this id. A kind that cannot read one is listed. Throws
 * `VendorError` `unexpected` for another object than the one that was asked for: a cache or a proxy that mixes up answers
 * would make us write what another object holds.
 */
export async function readIfPresent(kind: Kind, read: Read, id: string): Promise<Live | undefined> {
  if (kind.read === undefined) return (await proveListing(kind, read)).find((live) => live.id === id);
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

/**
 * A listing with those objects that it lacks, each read by its id before it is treated as gone. A kind that cannot read
 * one has nothing but its listing.
 */
export async function completeById(
  kind: Kind,
  listed: readonly Live[],
  ids: Iterable<string>,
  read: Read,
): Promise<Live[]> {
  if (kind.read === undefined) return [...listed];
  const seen = new Set(listed.map(({ id }) => id));
  const missing = [...new Set(ids)].filter((id) => !seen.has(id));
  const found = await Promise.all(missing.map((id) => readIfPresent(kind, read, id)));
  return [...listed, ...found.filter((live) => live !== undefined)];
}
