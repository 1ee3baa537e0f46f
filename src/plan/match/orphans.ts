import { type Address, parseAddress } from '../../model/address.js';
import { entriesOf, type Intent, type LedgerEntry } from '../../model/ledger.js';
import type { Live } from '../../model/vendor.js';
import { matchesIntent } from './created-by.js';
import { ownershipMarkFor } from './identity.js';
import { foreignMark, type LiveIndex } from './live-index.js';

/** A live object of this project without a manifest. */
export interface Orphan {
  address: Address;
  live: Live;
  entry?: LedgerEntry;
  /** Other live objects that are this address's too: what an interrupted apply left behind. */
  duplicates: string[];
  /** Its mark names a target that the project does not have: it is shown, and never deleted. */
  lostTarget?: true;
}

export interface UnmatchedObjects {
  orphans: Orphan[];
  /** Addresses in the ledger with neither a manifest nor a live object, or bound under another name now. */
  forgotten: Address[];
}

/** Finds the objects and ledger entries of one target that remain after every manifest was matched. */
export function findOrphans(index: LiveIndex, taken: ReadonlyMap<string, Address>): UnmatchedObjects {
  const project = index.project.name;
  const wanted = new Set(index.manifests.map((manifest) => manifest.address));
  const orphans = new Map<Address, Orphan>();
  const forgotten: Address[] = [];
  const spoken = new Set(taken.keys());
  for (const [address, entry] of index.entries) {
    if (wanted.has(address)) continue;
    // Where the object itself is gone, an earlier version of it may still be there.
    const ids = [entry.id, ...(entry.retired ?? [])];
    const live = ids.map((id) => index.byId.get(id)).find((one) => one !== undefined);
    // Two addresses for one object are what a merge of two ledgers leaves behind: it can be removed once.
    const lost = live === undefined || foreignMark(live, index) !== undefined;
    if (lost || spoken.has(live.id)) forgotten.push(address);
    else {
      spoken.add(live.id);
      orphans.set(address, { address, live, entry, duplicates: [] });
    }
  }
  for (const [mark, marked] of index.byMark) {
    const address = mark.slice(project.length + 1);
    if (wanted.has(address)) continue;
    const { target, kind } = parseAddress(address);
    const ours = mark === ownershipMarkFor(project, address) && kind === index.scope.kind.name;
    // A target that the project no longer has: without it, nothing else would show what is left of it.
    const lost = !index.project.targets.some(({ name }) => name === target);
    if (!ours || !(lost || target === index.scope.target.name)) continue;
    // It would stand everywhere as the name of an object, and ours hold no secret.
    if (index.mask !== undefined && index.mask(address) !== address) continue;
    const intent = index.ledger.intents[address];
    for (const live of marked) {
      if (taken.has(live.id) || index.recorded.has(live.id)) continue;
      // Delete one object per run, unless an intent proves that we created the duplicates.
      const orphan = orphans.get(address);
      if (orphan?.live === live) continue;
      if (orphan === undefined) {
        orphans.set(address, { address, live, duplicates: [], ...(lost && { lostTarget: true as const }) });
      } else if (intent !== undefined && !intent.known.includes(live.id)) orphan.duplicates.push(live.id);
    }
  }
  for (const [address, intent] of pendingIntents(index)) {
    if (wanted.has(address) || orphans.has(address) || intent.name === undefined) continue;
    const made = (index.named.get(intent.name) ?? []).filter(
      (live) => !taken.has(live.id) && matchesIntent(intent, live, index),
    );
    // A single object was made by the create whose manifest is gone; of several, the owner is unclear.
    if (made.length === 1 && made[0] !== undefined)
      orphans.set(address, { address, live: made[0], duplicates: [] });
  }
  return { orphans: [...orphans.values()], forgotten };
}

/** Creates that were sent and never recorded, where there is no room for a mark that would tell. */
function pendingIntents({ ledger, scope: { target, kind } }: LiveIndex): [Address, Intent][] {
  const intents = entriesOf(ledger.intents, target.name, kind.name);
  return kind.rules.mark === undefined ? intents : intents.filter(([, { sent }]) => sent !== undefined);
}
