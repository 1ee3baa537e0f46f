import type { Kind, Live, Read } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';

/** How often a listing is read again. */
const REREADS = 3;

/** A listing, and how many requests it took. Others can change what is listed between two of them. */
export interface Listing {
  live: Live[];
  requests: number;
}

/**
 * All objects of a kind. Others insert and delete while a listing is read page by page, so one that does not add up is
 * read again before it counts as incomplete. Every listing goes through here. An object that it lacks may still be
 * there: `proveListing` before anything is done because one is absent. Throws `VendorError`.
 */
export async function listObjects(kind: Kind, read: Read): Promise<Live[]> {
  return (await readListing(kind, read)).live;
}

/** `listObjects` with the number of its requests. */
export async function readListing(kind: Kind, read: Read): Promise<Listing> {
  for (let reread = 0; ; reread += 1) {
    let requests = 0;
    const counted: Read = (request) => {
      requests += 1;
      return read(request);
    };
    try {
      const live = await kind.list(counted);
      return { live, requests };
    } catch (error) {
      const moved = error instanceof VendorError && error.code === 'incomplete';
      if (!moved || reread === REREADS) throw error;
    }
  }
}

/**
 * All objects of a kind, as a listing from which an absence may be concluded. One object that is deleted and one that is
 * added between two pages leave the total as it was, and hide a third that moves to a page that was read before. So a
 * listing of several requests counts only when the next one has the same ids: each of these objects was seen before and
 * after the second listing gave its total, so they are all that there was at that moment. A listing of one request is a
 * moment by itself, and costs nothing more. Throws `VendorError` `incomplete` when the objects keep changing.
 */
export async function proveListing(kind: Kind, read: Read, first?: Listing): Promise<Live[]> {
  let listing = first ?? (await readListing(kind, read));
  for (let reread = 0; listing.requests > 1; reread += 1) {
    if (reread === REREADS) {
      const message = `the list of ${kind.name} objects changes each time that it is read; run it again`;
      throw new VendorError('incomplete', message);
    }
    const next = await readListing(kind, read);
    if (haveSameIds(listing.live, next.live)) return next.live;
    listing = next;
  }
  return listing.live;
}

function haveSameIds(before: readonly Live[], after: readonly Live[]): boolean {
  const ids = new Set(before.map(({ id }) => id));
  return before.length === after.length && after.every(({ id }) => ids.has(id));
}
