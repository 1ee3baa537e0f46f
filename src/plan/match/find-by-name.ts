import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';
import { naturalName } from './identity.js';
import { type LiveIndex, matchesIntent } from './live-index.js';
import { ambiguousMatch, type Found, type MatchProblem } from './match-outcome.js';

/**
 * By a recorded intent, else by the natural name.
 * @param taken ids of objects that are not on offer
 * @param waiting the manifests that nothing else was found for, in order
 */
export function findByName(
  manifest: Manifest,
  index: LiveIndex,
  taken: ReadonlySet<string>,
  waiting: readonly Manifest[],
): Found | MatchProblem | undefined {
  const made = interruptedCreates(manifest, index).filter((live) => !taken.has(live.id));
  if (made.length > 1 && made.length > countRivals(manifest, waiting, index)) {
    return ambiguousMatch(manifest, made, 'may be what an interrupted apply created');
  }
  if (made[0] !== undefined) return { live: made[0], how: 'intent' };
  // Objects that had this name before our create started belong to someone else.
  const others = index.ledger.intents[manifest.address]?.known ?? [];
  const isFree = (live: Live) => !taken.has(live.id) && !others.includes(live.id) && !isKnown(live, index);
  const free = namesakes(manifest, index).filter((live) => isFree(live) && !index.marks.has(live));
  if (free.length > 1) return ambiguousMatch(manifest, free, 'have the same name');
  return free[0] === undefined ? undefined : { live: free[0], how: 'name' };
}

/**
 * Objects that a recorded intent proves to be ours: they did not exist before the create was sent, and have our mark.
 * Where the vendor has no room for a mark, they have the name.
 */
export function interruptedCreates(manifest: Manifest, index: LiveIndex): Live[] {
  const intent = index.ledger.intents[manifest.address];
  if (intent === undefined) return [];
  const isNew = (live: Live) => matchesIntent(intent, live, index);
  if (intent.sent !== undefined || index.scope.kind.rules.mark === undefined) {
    return namesakes(manifest, index, intent.name).filter(isNew);
  }
  return (index.byMark.get(manifest.address) ?? []).filter(isNew);
}

/**
 * How many manifests, from this one on, what an interrupted apply created may be meant for. Each create made one object
 * at most, so if there are more than that, they are not all ours.
 */
function countRivals(manifest: Manifest, waiting: readonly Manifest[], index: LiveIndex): number {
  const nameOf = ({ spec }: Manifest) => naturalName(index.scope.kind, spec);
  const later = waiting.slice(waiting.indexOf(manifest));
  const begun = later.filter(({ address }) => index.ledger.intents[address] !== undefined);
  return begun.filter((other) => nameOf(other) === nameOf(manifest)).length;
}

/** Tells if the ledger knows an object, under any address. */
function isKnown({ id }: Live, index: LiveIndex): boolean {
  return index.recorded.has(id) || index.retired.has(id);
}

function namesakes(manifest: Manifest, index: LiveIndex, sentAs?: string): Live[] {
  const name = sentAs ?? naturalName(index.scope.kind, manifest.spec);
  return name === undefined ? [] : (index.named.get(name) ?? []);
}
