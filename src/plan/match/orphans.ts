import { type Address, parseAddress } from '../../model/address.js';
import { type Diagnostic, warning } from '../../model/diagnostic.js';
import { entriesOf, type Intent, type LedgerEntry } from '../../model/ledger.js';
import type { Live } from '../../model/vendor.js';
import { matchesIntent } from './created-by.js';
import type { LiveIndex } from './live-index.js';
import { dropContested, findEarlierVersions, findMarkConflict } from './ownership.js';

/** A live object of this project without a manifest. */
export interface Orphan {
  address: Address;
  live: Live;
  entry?: LedgerEntry;
  /** Only the ledger says that it is ours: it has no ownership mark, though it should. */
  unmarked?: true;
  /** Live earlier versions that are still to be removed. */
  earlier: string[];
  /** Other live objects that are this address's too: what an interrupted apply left behind. */
  duplicates: string[];
  /** Its mark names a target that the project does not have: it is shown, and never deleted. */
  lostTarget?: true;
}

export interface UnmatchedObjects {
  orphans: Orphan[];
  /** Addresses in the ledger with neither a manifest nor a live object, or bound under another name now. */
  forgotten: Address[];
  diagnostics: Diagnostic[];
}

/** Finds the objects and ledger entries of one target that remain after every manifest was matched. */
export function findOrphans(index: LiveIndex, taken: ReadonlyMap<string, Address>): UnmatchedObjects {
  const wanted = new Set(index.manifests.map((manifest) => manifest.address));
  const orphans = new Map<Address, Orphan>();
  const forgotten: Address[] = [];
  const diagnostics: Diagnostic[] = [];
  const spoken = new Set(taken.keys());
  for (const [address, entry] of index.entries) {
    if (wanted.has(address)) continue;
    const versions = findEarlierVersions(address, entry, index);
    diagnostics.push(...versions.diagnostics);
    const own = index.byId.get(entry.id);
    const conflict = own && findMarkConflict(own, address, index);
    const isOther = conflict?.mark !== undefined;
    // Where the object itself is gone, an earlier version of it may still be there.
    const [first = ''] = versions.earlier;
    const live = own === undefined || isOther ? index.byId.get(first) : own;
    // Two addresses for one object are what a merge of two ledgers leaves behind: it can be removed once.
    if (live === undefined || spoken.has(live.id)) {
      forgotten.push(address);
      if (live === undefined && own === undefined) diagnostics.push(goneOrphan(address, entry.id));
      if (own !== undefined && isOther && !spoken.has(own.id))
        diagnostics.push(dropContested(address, own, conflict, index));
      continue;
    }
    spoken.add(live.id);
    const earlier = versions.earlier.filter((id) => id !== live.id);
    const unmarked = live === own && conflict !== undefined && { unmarked: true as const };
    orphans.set(address, { address, live, entry, earlier, duplicates: [], ...unmarked });
  }
  for (const [address, marked] of index.byMark) {
    if (wanted.has(address)) continue;
    const { target, kind } = parseAddress(address);
    const ours = kind === index.scope.kind.name;
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
        const ofTarget = lost && { lostTarget: true as const };
        orphans.set(address, { address, live, earlier: [], duplicates: [], ...ofTarget });
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
      orphans.set(address, { address, live: made[0], earlier: [], duplicates: [] });
  }
  return { orphans: [...orphans.values()], forgotten, diagnostics };
}

/** Creates that were sent and never recorded, where there is no room for a mark that would tell. */
function pendingIntents({ ledger, scope: { target, kind } }: LiveIndex): [Address, Intent][] {
  const intents = entriesOf(ledger.intents, target.name, kind.name);
  return kind.rules.mark === undefined ? intents : intents.filter(([, { sent }]) => sent !== undefined);
}

/** Without a word, a wrong key would make the ledger forget what it cannot see. */
function goneOrphan(address: Address, id: string): Diagnostic {
  return warning('identity', `${address} has no manifest, and is gone at the vendor: ${id}`, {
    detail: 'The next apply drops it from the ledger.',
    address,
  });
}
