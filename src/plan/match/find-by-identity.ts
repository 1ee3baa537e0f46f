import type { Diagnostic } from '../../model/diagnostic.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import { findByClientId } from './client-id.js';
import type { LiveIndex } from './live-index.js';
import { ambiguousMatch, type Found, type MatchProblem, matchFinding } from './match-outcome.js';
import { contestedMatch, findMarkConflict } from './ownership.js';

/** By what cannot be mistaken: `metadata.id`, `bind`, the ledger, an ownership mark, the id that we would have made. */
export function findByIdentity(manifest: Manifest, index: LiveIndex): Found | MatchProblem | undefined {
  const { address } = manifest;
  const entry = index.entries.get(address);
  const bound = boundId(manifest, index);
  if (bound !== undefined) {
    const live = index.byId.get(bound.id);
    if (live !== undefined) return { live, how: 'id' };
    if (!wasBound(bound.id, entry))
      return { problem: { ...matchFinding(manifest, ...missing(bound, manifest)), ...bound.place } };
  }
  const recorded = entry === undefined ? undefined : index.byId.get(entry.id);
  const conflict = recorded && findMarkConflict(recorded, address, index);
  if (recorded !== undefined && conflict?.mark !== undefined)
    return contestedMatch(manifest, recorded, conflict.mark, index);
  if (recorded !== undefined)
    return { live: recorded, how: 'ledger', ...(conflict && { unmarked: true as const }) };
  // An object that the ledger knows by another address belongs to that one, even if its mark says otherwise.
  const marked = (index.byMark.get(address) ?? []).filter(
    ({ id }) => (index.recorded.get(id) ?? address) === address,
  );
  if (marked.length > 1) return ambiguousMatch(manifest, marked, 'carry the ownership mark of this address');
  if (marked[0] !== undefined) return { live: marked[0], how: 'mark' };
  const made = findByClientId(address, index);
  return made && { live: made, how: 'client-id' };
}

/** An id that a manifest is bound to, and where that is written. */
interface BoundId {
  id: string;
  by: 'metadata.id' | 'bind';
  place: Pick<Diagnostic, 'file' | 'line' | 'path'>;
}

/** `metadata.id`, else a `bind`. */
export function boundId({ id, address, source }: Manifest, { statements }: LiveIndex): BoundId | undefined {
  if (id !== undefined) return { id, by: 'metadata.id', place: { ...source, path: '/metadata/id' } };
  const bind = statements?.bound.get(address);
  return bind && { id: bind.id, by: 'bind', place: { ...bind.source, path: bind.path } };
}

function missing({ id, by }: BoundId, { address, target }: Manifest): [string, { detail: string }] {
  const what = by === 'bind' ? `the id ${id} that ${address} is bound to` : `metadata.id ${id}`;
  const remove = by === 'bind' ? 'this bind' : 'metadata.id';
  return [
    `${what} does not exist on target ${target}`,
    {
      detail: `Correct the id, or remove ${remove} to let llmform create the object. What a vendor has built in cannot be bound.`,
    },
  ];
}

/** Tells if an id was this address's once. An object that is gone since is created anew. */
function wasBound(id: string, entry: LedgerEntry | undefined): boolean {
  return entry !== undefined && (entry.id === id || entry.formerly?.includes(id) === true);
}
