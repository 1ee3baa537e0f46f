import type { JsonObject } from './json.js';
import { VendorError } from './vendor-error.js';

/** More pages than this are never asked for. */
const MAX_PAGES = 10_000;

/** Totals that a paged listing gives on its first page. */
export interface PageCount {
  /** Objects in the whole listing. */
  total: number;
  pages: number;
  /** Objects on a full page, at least 1. */
  size: number;
  /** Objects on the first page: a page may hold more than the listing says. */
  seen: number;
}

/**
 * Refuses a listing whose number of pages does not fit its total, before another page is asked for: reading it again
 * would not help. Throws `VendorError` 'unexpected'.
 */
export function assertPagesFit({ total, pages, size, seen }: PageCount, what: string): void {
  const tooMany = pages > 1 && (pages - 1) * size >= total;
  const tooFew = pages * Math.max(size, seen) < total;
  if (tooMany || tooFew) {
    // The numbers are a vendor's, and may be a secret of digits.
    const claim = `the number of pages is too ${tooMany ? 'large' : 'small'} for the total`;
    throw new VendorError('unexpected', `the ${what} does not add up: ${claim}`);
  }
  if (pages > MAX_PAGES) {
    throw new VendorError('unexpected', `the ${what} has more than ${MAX_PAGES} pages`);
  }
}

/**
 * Refuses a listing that gives one page twice: such a server pays no heed to the number. To be called with each page once;
 * throws `VendorError`.
 */
export function createPageCheck(
  what: string,
): (page: { number: number; items: readonly JsonObject[] }) => void {
  const seen = new Map<string, number>();
  return ({ number, items }) => {
    // A single object may well move from one page to the next.
    if (items.length < 2) return;
    const ids = JSON.stringify(items.map(({ id }) => id ?? null));
    const before = seen.get(ids);
    if (before !== undefined) {
      const claim = `page ${number} is page ${before} once more`;
      throw new VendorError('unexpected', `the ${what} does not add up: ${claim}`);
    }
    seen.set(ids, number);
  };
}
