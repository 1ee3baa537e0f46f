import { omitIgnored } from '../../diff/ignore-changes.js';
import type { Address } from '../../model/address.js';
import { asWarning, type Diagnostic } from '../../model/diagnostic.js';
import type { JsonObject } from '../../model/json.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';
import { ownershipMarkOf } from '../requests.js';
import { clientIdFor, naturalName, ownershipMarkFor } from './identity.js';
import { buildLiveIndex, foreignMark, type LiveIndex, type MatchInput, matchesIntent } from './live-index.js';
import { matchProblem, reportAmbiguousMatch } from './match-problems.js';
import { findOrphans, type UnmatchedObjects } from './orphans.js';

/** How a manifest found its live object. */
export type MatchedBy = 'id' | 'ledger' | 'mark' | 'client-id' | 'intent' | 'name';

/** A manifest and the live object that it stands for, if there is one. */
export interface Binding {
  manifest: Manifest;
  live?: Live;
  how?: MatchedBy;
  entry?: LedgerEntry;
  /** The ledger knows this object by this very address. */
  recorded?: true;
  /** Other live objects that are this address's too: what an interrupted apply left behind. */
  duplicates: string[];
  /** The mark of somebody else's that the object bears, as it may be shown. */
  foreign?: string;
  /** Other people's keys that an interrupted replacement has yet to hand on. */
  inherited?: JsonObject;
}

export interface MatchResult extends UnmatchedObjects {
  bindings: Binding[];
  diagnostics: Diagnostic[];
}

/**
 * Finds the live object of each manifest: `metadata.id`, else the ledger, else an ownership mark, else the id we
 * would have made, else a recorded intent, else the natural name. A name alone never binds: that is for `--adopt`.
 */
export function matchObjects(matchInput: MatchInput): MatchResult {
  const index = buildLiveIndex(matchInput);
  const diagnostics: Diagnostic[] = [];
  const bindings: Binding[] = [];
  const taken = new Map<string, Address>();
  const waiting: Manifest[] = [];
  // Where two manifests want one object, who comes first must not depend on the names of their files.
  const manifests = [...matchInput.manifests].sort((a, b) => (a.address < b.address ? -1 : 1));
  for (const manifest of manifests) {
    const found = findByIdentity(manifest, index, diagnostics);
    if (found === 'wrong') continue;
    if (found === undefined) waiting.push(manifest);
    else if (claim(found.live, manifest, taken, diagnostics))
      bindings.push(withEntry(manifest, found, index));
  }
  // What is to be removed as one manifest's left-over is not offered to another one.
  const claimed = new Set([...taken.keys(), ...bindings.flatMap(({ duplicates }) => duplicates)]);
  for (const manifest of waiting) {
    const found = findByName(manifest, index, claimed, waiting, diagnostics);
    if (found === 'wrong') continue;
    if (found !== undefined) {
      taken.set(found.live.id, manifest.address);
      claimed.add(found.live.id);
    }
    bindings.push(withEntry(manifest, found, index));
  }
  for (const binding of bindings) {
    diagnostics.push(...leftBehind(binding, index, claimed), ...hiddenMark(binding, index));
  }
  // And what a manifest stands for is nobody's left-over.
  for (const binding of bindings) binding.duplicates = binding.duplicates.filter((id) => !taken.has(id));
  return { bindings, ...findOrphans(index, taken), diagnostics };
}

interface Found {
  live: Live;
  how: MatchedBy;
}

function findByIdentity(
  manifest: Manifest,
  index: LiveIndex,
  diagnostics: Diagnostic[],
): Found | 'wrong' | undefined {
  const { address } = manifest;
  if (manifest.id !== undefined) {
    const live = index.byId.get(manifest.id);
    if (live !== undefined) return { live, how: 'id' };
    diagnostics.push(
      matchProblem(manifest, `metadata.id ${manifest.id} does not exist on target ${manifest.target}`, {
        detail:
          'Correct the id, or remove metadata.id to let llmform create the object. What a vendor has built in cannot be bound.',
        path: '/metadata/id',
      }),
    );
    return 'wrong';
  }
  const entry = index.entries.get(address);
  const recorded = entry === undefined ? undefined : index.byId.get(entry.id);
  const foreign = recorded && foreignMark(index.kind, recorded, index.project);
  if (foreign !== undefined) {
    const whose = index.shown?.(foreign) ?? foreign;
    diagnostics.push(
      matchProblem(manifest, `${address} is marked as ${whose}: another project manages it by now`, {
        detail: 'Remove the manifest here, or take the object back with metadata.id and --adopt.',
      }),
    );
    return 'wrong';
  }
  if (recorded !== undefined) return { live: recorded, how: 'ledger' };
  const marked = index.byMark.get(ownershipMarkFor(index.project, address)) ?? [];
  if (marked.length > 1)
    return reportAmbiguousMatch(manifest, marked, 'bear the ownership mark of this address', diagnostics);
  if (marked[0] !== undefined) return { live: marked[0], how: 'mark' };
  if (index.kind.rules.clientId !== undefined) {
    const live = index.byId.get(clientIdFor(index.project, address));
    if (live !== undefined) return { live, how: 'client-id' };
  }
  return undefined;
}

function findByName(
  manifest: Manifest,
  index: LiveIndex,
  taken: ReadonlySet<string>,
  waiting: readonly Manifest[],
  diagnostics: Diagnostic[],
): Found | 'wrong' | undefined {
  const made = interruptedCreates(manifest, index).filter((live) => !taken.has(live.id));
  if (made.length > 1 && made.length > countRivals(manifest, waiting, index)) {
    return reportAmbiguousMatch(manifest, made, 'may be what an interrupted apply created', diagnostics);
  }
  if (made[0] !== undefined) {
    const summary = `${manifest.address} was created by an interrupted apply and is taken back`;
    diagnostics.push(asWarning(matchProblem(manifest, summary, { detail: `Its id is ${made[0].id}.` })));
    return { live: made[0], how: 'intent' };
  }
  // Where a create was begun, it was decided that what bore the name by then is somebody else's.
  const others = index.ledger.intents[manifest.address]?.known ?? [];
  const isFree = (live: Live) => !taken.has(live.id) && !others.includes(live.id) && !isKnown(live, index);
  const free = namesakes(manifest, index).filter(
    (live) => isFree(live) && ownershipMarkOf(index.kind, live) === undefined,
  );
  if (free.length > 1) return reportAmbiguousMatch(manifest, free, 'have the same name', diagnostics);
  return free[0] === undefined ? undefined : { live: free[0], how: 'name' };
}

/**
 * What a recorded intent shows to be ours: it was not there before the create was sent, and bears our mark. Where there
 * is no room for a mark, it bears the name.
 */
function interruptedCreates(manifest: Manifest, index: LiveIndex): Live[] {
  const intent = index.ledger.intents[manifest.address];
  if (intent === undefined) return [];
  const isNew = (live: Live) => matchesIntent(intent, live, index);
  if (index.kind.rules.mark === undefined) {
    return namesakes(manifest, index, intent.name).filter(isNew);
  }
  return (index.byMark.get(ownershipMarkFor(index.project, manifest.address)) ?? []).filter(isNew);
}

/** An object of ours that a manifest has let go of by naming another one. */
function leftBehind(
  { manifest, live }: Binding,
  index: LiveIndex,
  claimed: ReadonlySet<string>,
): Diagnostic[] {
  const before = index.entries.get(manifest.address)?.id;
  if (before === undefined || live === undefined || before === live.id) return [];
  if (claimed.has(before) || !index.byId.has(before)) return [];
  const summary = `${manifest.address} was ${before} until now; that object is still there, and no longer managed`;
  const detail = 'Delete it at the vendor, or give it a manifest of its own with metadata.id.';
  return [asWarning(matchProblem(manifest, summary, { detail }))];
}

/** Nothing is hidden silently: a file of the project that holds the mark as its secret would take out whose object it is. */
function hiddenMark({ manifest, live, foreign }: Binding, index: LiveIndex): Diagnostic[] {
  if (live === undefined || foreign === undefined) return [];
  if (foreign === foreignMark(index.kind, live, index.project)) return [];
  const summary = `a part of ${manifest.address} is not shown: the vendor's value holds a secret of this project`;
  const detail =
    "It says which project the object belongs to. Look at it in the vendor's console before you approve.";
  return [asWarning(matchProblem(manifest, summary, { detail }))];
}

/**
 * How many manifests, from this one on, what an interrupted apply created may be meant for. Each create made one object
 * at most, so if there are more than that, they are not all ours.
 */
function countRivals(manifest: Manifest, waiting: readonly Manifest[], index: LiveIndex): number {
  const nameOf = ({ spec }: Manifest) => naturalName(index.kind, spec);
  const later = waiting.slice(waiting.indexOf(manifest));
  const begun = later.filter(({ address }) => index.ledger.intents[address] !== undefined);
  return begun.filter((other) => nameOf(other) === nameOf(manifest)).length;
}

/** Whether the ledger knows an object, under whatever address. */
function isKnown({ id }: Live, index: LiveIndex): boolean {
  return index.recorded.has(id) || index.retired.has(id);
}

function namesakes(manifest: Manifest, index: LiveIndex, sentAs?: string): Live[] {
  const name = sentAs ?? naturalName(index.kind, manifest.spec);
  return name === undefined ? [] : (index.named.get(name) ?? []);
}

function claim(
  live: Live,
  manifest: Manifest,
  taken: Map<string, Address>,
  diagnostics: Diagnostic[],
): boolean {
  const other = taken.get(live.id);
  if (other === undefined) {
    taken.set(live.id, manifest.address);
    return true;
  }
  diagnostics.push(
    matchProblem(manifest, `${manifest.address} and ${other} stand for the same live object, ${live.id}`, {
      detail: 'Give each manifest an object of its own: check metadata.id in both.',
    }),
  );
  return false;
}

function withEntry(manifest: Manifest, found: Found | undefined, index: LiveIndex): Binding {
  const own = index.entries.get(manifest.address);
  // The object that the ledger knows may be gone, and earlier versions of it still be there.
  const earlier = own === undefined || own.id === found?.live.id ? [] : (own.retired ?? []);
  const left = [...interruptedCreates(manifest, index).map(({ id }) => id), ...earlier];
  const duplicates = [...new Set(left)].filter((id) => id !== found?.live.id && index.byId.has(id));
  const inherited = index.inherited?.get(manifest.address);
  if (found === undefined) return { manifest, duplicates, ...(inherited && { inherited }) };
  // An object that the ledger knows under an address without a manifest has been renamed by metadata.id.
  const moved = index.entries.get(index.recorded.get(found.live.id) ?? '');
  const recorded = own?.id === found.live.id;
  const entry = recorded ? own : moved;
  const foreign = foreignMark(index.kind, found.live, index.project);
  return {
    manifest,
    ...found,
    ...(entry && { entry: omitIgnored(entry, manifest.ignoreChanges) }),
    ...(recorded && { recorded }),
    ...(foreign !== undefined && { foreign: index.shown?.(foreign) ?? foreign }),
    duplicates,
  };
}
