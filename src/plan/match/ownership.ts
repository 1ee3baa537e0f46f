import type { Address } from '../../model/address.js';
import { asWarning, type Diagnostic, error } from '../../model/diagnostic.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';
import { findByClientId } from './client-id.js';
import { isDisplacedFrom } from './displaced.js';
import { hasRoomForMark } from './identity.js';
import type { LiveIndex } from './live-index.js';
import { type MatchProblem, matchFinding } from './match-outcome.js';

/*
 * The ledger is input, not truth: everyone who can write its file or its ref can put any id into it. Where a kind has
 * room for an ownership mark, the live object tells its owner, and the listing has shown that mark already.
 */

/** A live object whose mark contradicts the ledger. */
export interface MarkConflict {
  /** The mark of another address or project; absent where the object has none, and has room for one. */
  mark?: string;
}

/** The contradiction between an address and the mark of a live object; undefined where there is no room for a mark. */
export function findMarkConflict(live: Live, address: Address, index: LiveIndex): MarkConflict | undefined {
  const { rules } = index.scope.kind;
  if (rules.mark === undefined) return undefined;
  const mark = index.marks.get(live);
  // A mark from before a move means the address that it has moved to. Of a displaced object it is that of the former address.
  if (mark !== undefined) {
    const marked = index.markOf(live);
    const same = marked === address || (marked !== undefined && isDisplacedFrom(address, marked, live.id));
    return same ? undefined : { mark };
  }
  // An id of our making is as good as a mark.
  if (findByClientId(address, index) === live) return undefined;
  return hasRoomForMark(rules, live.spec[rules.mark.field]) ? {} : undefined;
}

/** The live earlier versions that an entry remembers: those that it may remove, and a warning for each of the others. */
export function findEarlierVersions(
  address: Address,
  { id, retired = [] }: Pick<LedgerEntry, 'id' | 'retired'>,
  index: LiveIndex,
): { earlier: string[]; diagnostics: Diagnostic[] } {
  const earlier: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const one of new Set(retired)) {
    const live = index.byId.get(one);
    if (live === undefined || one === id) continue;
    const conflict = findMarkConflict(live, address, index);
    if (conflict === undefined) earlier.push(one);
    else diagnostics.push(keptVersion(address, live, conflict, index));
  }
  return { earlier, diagnostics };
}

function keptVersion(address: Address, { id }: Live, conflict: MarkConflict, index: LiveIndex): Diagnostic {
  return contradiction(
    address,
    `${id} is not removed: the ledger calls it an earlier version of ${address}, and ${markText(conflict, index)}`,
    'The ledger drops it. If nothing uses it, delete it at the vendor. Find out what wrote the ledger: `llmform` records only versions that have the mark.',
  );
}

/** A ledger entry without a manifest whose object has another's mark: it is left to them. */
export function dropContested(
  address: Address,
  { id }: Live,
  conflict: MarkConflict,
  index: LiveIndex,
): Diagnostic {
  return contradiction(
    address,
    `${address} is not an orphan: the ledger says that it is ${id}, and ${markText(conflict, index)}`,
    'The object is left alone, and the ledger drops it.',
  );
}

function contradiction(address: Address, summary: string, detail: string): Diagnostic {
  return asWarning(error('identity', summary, { detail, address }));
}

/** Of a manifest whose object, by the ledger, is another's by its mark. */
export function contestedMatch(
  manifest: Manifest,
  { id }: Live,
  mark: string,
  index: LiveIndex,
): MatchProblem {
  const { address } = manifest;
  const shown = index.mask?.(mark) ?? mark;
  if (!mark.startsWith(`${index.project.name}/`)) {
    const problem = matchFinding(
      manifest,
      `${address} is marked as ${shown}: another project manages it by now`,
      { detail: 'Remove the manifest here, or take the object back with metadata.id and --adopt.' },
    );
    return { problem };
  }
  const problem = matchFinding(
    manifest,
    `the ledger says that ${address} is ${id}, and that object is marked as ${shown}`,
    {
      detail: `Nothing is written before one of them is right. If the object should be ${address}, name it with metadata.id; else take the entry out of the ledger, and llmform looks for the mark of ${address}.`,
    },
  );
  return { problem };
}

/** Of an object that is as its manifest says, and that the ledger alone says is ours. */
export function lostMark(manifest: Manifest, { id }: Live): Diagnostic {
  const summary = `${manifest.address} has no ownership mark: only the ledger says that it is ${id}`;
  const detail =
    'As long as it is as its manifest says, nothing is sent. With --adopt the mark is set again; without, llmform will not change or delete it.';
  return asWarning(matchFinding(manifest, summary, { detail }));
}

function markText({ mark }: MarkConflict, index: LiveIndex): string {
  if (mark === undefined) return 'it has no ownership mark, though it should';
  return `it is marked as ${index.mask?.(mark) ?? mark}`;
}
