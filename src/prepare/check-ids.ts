import type { Secrets } from '../model/ports.js';
import type { Live } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';

/**
 * Live objects as the rest may have them. Ids stand in messages, plans, requests and the ledger, so one with a part of a
 * secret is refused; what uses an object is only ever said in words, and masked.
 *
 * @param known ids that manifests or the ledger name: they are not compared, because their author could list guesses
 */
export function withholdSecretIds(
  live: readonly Live[],
  known: ReadonlySet<string>,
  secrets: Pick<Secrets, 'mask' | 'clean'>,
): Live[] {
  return live.map((object) => {
    if (!known.has(object.id)) assertNoSecretInId(object.id, secrets);
    if (object.usedBy === undefined) return object;
    return { ...object, usedBy: object.usedBy.map((text) => secrets.mask(text)) };
  });
}

/** Throws `VendorError`. */
export function assertNoSecretInId(id: string, { clean }: Pick<Secrets, 'clean'>): void {
  if (clean(id, 'id') !== '') return;
  throw new VendorError(
    'unexpected',
    'the id of an object holds a secret of this project, and cannot be shown',
  );
}
