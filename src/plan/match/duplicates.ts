import { asWarning, type Diagnostic, warning } from '../../model/diagnostic.js';
import type { LedgerEntry, UnclearCreate } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';
import { matchesIntent } from './created-by.js';
import type { LiveIndex } from './live-index.js';
import { matchFinding } from './match-outcome.js';
import type { Orphan } from './orphans.js';

/**
 * Warns of a second live object of one address, left by a vendor that showed a create too late. Either of the two may be in
 * use, so none is removed, not even with `--prune`.
 * @param spoken ids of objects that belong to an address, or are removed with one
 */
export function warnOfDuplicates(
  { manifest, live, entry }: { manifest: Manifest; live?: Live; entry?: LedgerEntry },
  spoken: ReadonlySet<string>,
  index: LiveIndex,
): Diagnostic[] {
  if (live === undefined) return [];
  const { address } = manifest;
  const others = findDuplicates(address, entry?.formerly, entry?.unclear, index).filter(
    ({ id }) => !spoken.has(id),
  );
  if (others.length === 0) return [];
  const ids = others.map(({ id }) => id).join(', ');
  const detail = `${live.id} is the one that is managed. If it is the right one, delete ${ids} at the vendor; if another one is, set metadata.id to it, and delete ${live.id} once nothing uses it.`;
  return [asWarning(matchFinding(manifest, describe(address, live.id, others), { detail }))];
}

/** The same of an object without a manifest: `--prune` removes the first one only. */
export function warnOfOrphanedDuplicates(
  { address, live, duplicates, entry }: Orphan,
  spoken: ReadonlySet<string>,
  index: LiveIndex,
): Diagnostic[] {
  const others = findDuplicates(address, entry?.formerly, entry?.unclear, index).filter(
    ({ id }) => id !== live.id && !duplicates.includes(id) && !spoken.has(id),
  );
  if (others.length === 0) return [];
  const ids = others.map(({ id }) => id).join(', ');
  const detail = `With --prune, ${live.id} is deleted. Delete ${ids} at the vendor, once nothing uses it.`;
  return [warning('identity', describe(address, live.id, others), { detail, address })];
}

function describe(address: string, id: string, others: readonly Live[]): string {
  const all = [id, ...others.map((other) => other.id)].join(', ');
  return `${address} has ${others.length + 1} live objects: ${all}`;
}

/** Live objects that have the mark of an address, had its entry before, or are what an unclear create made. */
function findDuplicates(
  address: string,
  formerly: readonly string[] = [],
  unclear: UnclearCreate | undefined,
  index: LiveIndex,
): Live[] {
  const marked = index.byMark.get(address) ?? [];
  const again = formerly.flatMap((id) => index.byId.get(id) ?? []);
  const named = unclear?.name === undefined ? [] : (index.named.get(unclear.name) ?? []);
  const made = unclear === undefined ? [] : named.filter((live) => matchesIntent(unclear, live, index));
  const isOther = ({ id }: Live) => !index.recorded.has(id) && !index.retired.has(id);
  // An object that has a mark of another address is known by that one.
  const isFree = (live: Live) => !index.marks.has(live) || marked.includes(live);
  return [...new Set([...marked, ...again, ...made])].filter((live) => isOther(live) && isFree(live));
}
