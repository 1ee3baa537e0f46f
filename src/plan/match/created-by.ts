import { hasSentValues } from '../../diff/stored-values.js';
import type { Address } from '../../model/address.js';
import type { Intent, UnclearCreate } from '../../model/ledger.js';
import type { Live } from '../../model/vendor.js';
import { hasRoomForMark } from './identity.js';
import type { LiveIndex } from './live-index.js';

/**
 * Objects that a recorded intent proves to be ours: they did not exist before the create was sent, and have our mark.
 * Where the vendor has no room for a mark, they have the name and every value that was sent.
 * @param name the natural name, for an intent that does not say it
 */
export function createdBy(intent: Intent, address: Address, index: LiveIndex, name = intent.name): Live[] {
  const byName = intent.sent !== undefined || index.scope.kind.rules.mark === undefined;
  const own = byName ? (name === undefined ? [] : index.named.get(name)) : index.byMark.get(address);
  return (own ?? []).filter((live) => matchesIntent(intent, live, index));
}

/** Tells if a create may have made an object: it did not exist before, and has every value that was sent. */
export function matchesIntent(
  { known, sent }: UnclearCreate,
  live: Live,
  { scope: { kind }, baselines, recorded, retired, marks }: LiveIndex,
): boolean {
  if (known.includes(live.id) || recorded.has(live.id) || retired.has(live.id)) return false;
  // Values tell only where the mark had no room: what has one, or room for one, was not made by this create.
  if (sent !== undefined && kind.rules.mark !== undefined) {
    const map = live.spec[kind.rules.mark.field];
    if (marks.has(live) || hasRoomForMark(kind.rules, map)) return false;
  }
  return sent === undefined || hasSentValues(live.spec, sent, kind.rules, baselines.codec);
}
