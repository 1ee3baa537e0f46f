import { type Address, isWithin } from '../../model/address.js';
import { asWarning, type Diagnostic, error } from '../../model/diagnostic.js';
import type { JsonObject } from '../../model/json.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Observed } from '../../model/observed.js';
import type { Live } from '../../model/vendor.js';
import { type ClientId, chooseClientId } from './client-id.js';
import { type Displaced, findDisplaced } from './displaced.js';
import { findByIdentity } from './find-by-identity.js';
import { findByName, interruptedCreates } from './find-by-name.js';
import { buildLiveIndex, foreignMark, type LiveIndex, type MatchInput } from './live-index.js';
import { type Found, type MatchedBy, matchFinding } from './match-outcome.js';
import { findOrphans, type UnmatchedObjects } from './orphans.js';
import { findEarlierVersions } from './ownership.js';
import { twinWarnings } from './twins.js';

/** A manifest and its live object, if there is one. */
export interface Binding {
  manifest: Manifest;
  live?: Live;
  how?: MatchedBy;
  entry?: LedgerEntry;
  /** The ledger knows this object by this very address. */
  recorded?: true;
  /** The object that the ledger knows by this address, where the vendor no longer has it. */
  previousId?: string;
  /** Only the ledger says that the object is ours: it has no ownership mark, though it should. */
  unmarked?: true;
  /** Live earlier versions that are still to be removed. */
  earlier: string[];
  /** Other live objects that are this address's too: what an interrupted apply left behind. */
  duplicates: string[];
  /** The mark of another project on the object, in a form that may be shown. */
  foreign?: string;
  /** Other people's keys that an interrupted replacement has yet to hand on. */
  inherited?: JsonObject;
  /** The id that a create would choose, where the vendor takes one. */
  clientId?: ClientId;
  /** The object that was this address's until now; an orphan from now on. */
  displaced?: Displaced;
}

export interface MatchResult extends UnmatchedObjects {
  bindings: Binding[];
}

/**
 * Finds the live object of each manifest: `metadata.id`, else a `bind`, else the ledger, else an ownership mark, else the id we
 * would have made, else a recorded intent, else the natural name. A name alone never binds: that is for `--adopt`.
 */
export function matchObjects(scope: Observed, matchInput: MatchInput): MatchResult {
  const index = buildLiveIndex(scope, matchInput);
  const diagnostics: Diagnostic[] = [];
  const bindings: Binding[] = [];
  const taken = new Map<string, Address>();
  const waiting: Manifest[] = [];
  // Where two manifests want one object, who comes first must not depend on the names of their files.
  for (const manifest of [...index.manifests].sort((a, b) => (a.address < b.address ? -1 : 1))) {
    const found = findByIdentity(manifest, index);
    if (found === undefined) waiting.push(manifest);
    else if ('problem' in found) diagnostics.push(found.problem);
    else {
      const other = taken.get(found.live.id);
      if (other === undefined) {
        taken.set(found.live.id, manifest.address);
        bindings.push(withEntry(manifest, found, index, diagnostics));
      } else diagnostics.push(claimedTwice(manifest, other, found.live));
    }
  }
  // Do not offer an object to another manifest if it is already scheduled for removal.
  const claimed = new Set([...taken.keys(), ...bindings.flatMap(({ duplicates }) => duplicates)]);
  for (const manifest of waiting) {
    const found = findByName(manifest, index, claimed, waiting);
    if (found !== undefined && 'problem' in found) {
      diagnostics.push(found.problem);
      continue;
    }
    if (found !== undefined) {
      if (found.how === 'intent') diagnostics.push(takenBack(manifest, found.live));
      taken.set(found.live.id, manifest.address);
      claimed.add(found.live.id);
    }
    bindings.push(withEntry(manifest, found, index, diagnostics));
  }
  const displaced: Displaced[] = [];
  for (const binding of bindings) {
    const { manifest, live } = binding;
    const other = live && findDisplaced(manifest.address, live, index, (id) => claimed.has(id));
    if (other !== undefined) {
      binding.displaced = other;
      displaced.push(other);
      diagnostics.push(displacedWarning(binding, other));
    }
    diagnostics.push(...hiddenMark(binding, index), ...twinWarnings(binding, index));
  }
  // A bound object is never a leftover.
  for (const binding of bindings) binding.duplicates = binding.duplicates.filter((id) => !taken.has(id));
  diagnostics.push(...findContested(index));
  const { orphans, forgotten, diagnostics: ofOrphans } = findOrphans(index, taken);
  diagnostics.push(...ofOrphans);
  const shown = displaced.map((one) => ({ ...one, earlier: [], duplicates: [] }));
  const known = new Set(shown.map(({ address }) => address));
  return {
    bindings,
    orphans: [...orphans.filter(({ address }) => !known.has(address)), ...shown],
    forgotten,
    diagnostics,
  };
}

/** A managed object that a manifest dropped by naming another one. */
function displacedWarning({ manifest }: Binding, { address, live }: Displaced): Diagnostic {
  const summary = `${manifest.address} was ${live.id} until now; that object is still there, as the orphan ${address}`;
  const detail = 'Delete it with --prune, let it go with `forget`, or give it a manifest of its own.';
  return asWarning(matchFinding(manifest, summary, { detail }));
}

/** Two living objects for one address: a move to a place that was taken in the meantime. */
function findContested({ statements, scope: { target, kind }, byId }: LiveIndex): Diagnostic[] {
  return (statements?.contested ?? []).flatMap(({ from, to, ids: [old, other], source }) => {
    if (!isWithin(to, target.name, kind.name) || !byId.has(old)) return [];
    return [
      error('identity', `${from} cannot move to ${to}: there are two objects for it, ${old} and ${other}`, {
        detail: `${other} is ${to} already. Keep one: delete the other at the vendor, or write \`forget\` for ${from} in place of the move.`,
        ...source,
        address: to,
      }),
    ];
  });
}

/** Nothing is hidden silently: a file of the project that holds the mark as its secret would take out whose object it is. */
function hiddenMark({ manifest, live, foreign }: Binding, index: LiveIndex): Diagnostic[] {
  if (live === undefined || foreign === undefined || foreign === foreignMark(live, index)) return [];
  const summary = `a part of ${manifest.address} is not shown: the vendor's value holds a secret of this project`;
  const detail =
    "It says which project the object belongs to. Look at it in the vendor's console before you approve.";
  return [asWarning(matchFinding(manifest, summary, { detail }))];
}

function claimedTwice(manifest: Manifest, other: Address, { id }: Live): Diagnostic {
  return matchFinding(manifest, `${manifest.address} and ${other} match the same live object, ${id}`, {
    detail: 'Give each manifest an object of its own: check metadata.id in both.',
  });
}

function takenBack(manifest: Manifest, { id }: Live): Diagnostic {
  const summary = `${manifest.address} was created by an interrupted apply and is taken back`;
  return asWarning(matchFinding(manifest, summary, { detail: `Its id is ${id}.` }));
}

function withEntry(
  manifest: Manifest,
  found: Found | undefined,
  index: LiveIndex,
  diagnostics: Diagnostic[],
): Binding {
  const own = index.entries.get(manifest.address);
  const versionsOf = (address: Address, entry: LedgerEntry | undefined) => {
    if (entry?.retired === undefined) return [];
    const versions = findEarlierVersions(address, entry, index);
    diagnostics.push(...versions.diagnostics);
    return versions.earlier.filter((id) => id !== found?.live.id);
  };
  // The object that the ledger knows may be gone, and earlier versions of it still be there.
  const lost = own?.id === found?.live.id ? [] : versionsOf(manifest.address, own);
  const left = [...interruptedCreates(manifest, index).map(({ id }) => id), ...lost];
  const duplicates = left.length === 0 ? [] : [...new Set(left)].filter((id) => id !== found?.live.id);
  const inherited = index.inherited?.get(manifest.address);
  const previousId = own !== undefined && !index.byId.has(own.id) ? own.id : undefined;
  const gone = previousId !== undefined && { previousId };
  const chosen = chooseClientId(manifest.address, index, found?.live.id ?? own?.id);
  const clientId = chosen && { clientId: chosen };
  if (found === undefined)
    return { manifest, earlier: [], duplicates, ...(inherited && { inherited }), ...gone, ...clientId };
  // An object that the ledger knows under an address without a manifest has been renamed by metadata.id.
  const other = index.recorded.get(found.live.id) ?? '';
  const moved = index.entries.get(other);
  const recorded = own?.id === found.live.id;
  const entry = recorded ? own : moved;
  const foreign = foreignMark(found.live, index);
  return {
    manifest,
    ...found,
    ...(entry && { entry }),
    ...(recorded && { recorded }),
    ...(foreign !== undefined && { foreign: index.mask?.(foreign) ?? foreign }),
    earlier: versionsOf(recorded ? manifest.address : other, entry),
    ...clientId,
    duplicates,
  };
}
