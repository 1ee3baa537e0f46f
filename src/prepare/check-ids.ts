import type { Secrets } from '../model/ports.js';
import type { Live } from '../model/vendor.js';
import { VendorError } from '../model/vendor-error.js';

/**
 * Live objects as the rest may have them. Ids stand in messages, plans, requests and the ledger, so one that spells out a
 * secret is refused; what uses an object is only ever said in words, and masked.
 */
export function withholdSecretIds(live: readonly Live[], secrets: Pick<Secrets, 'mask' | 'toldIn'>): Live[] {
  return live.map((object) => {
    assertNoSecretInId(object.id, secrets);
    if (object.usedBy === undefined) return object;
    return { ...object, usedBy: object.usedBy.map((text) => secrets.mask(text)) };
  });
}

/** Throws `VendorError`. */
export function assertNoSecretInId(id: string, { toldIn }: Pick<Secrets, 'toldIn'>): void {
  if (toldIn(id).length === 0) return;
  throw new VendorError(
    'unexpected',
    'the id of an object holds a secret of this project, and cannot be shown',
  );
}
