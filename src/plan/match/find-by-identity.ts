import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import { clientIdFor, ownershipMarkFor } from './identity.js';
import type { LiveIndex } from './live-index.js';
import { ambiguousMatch, type Found, type MatchProblem, matchFinding } from './match-outcome.js';
import { contestedMatch, findMarkConflict } from './ownership.js';

/** By what cannot be mistaken: `metadata.id`, the ledger, an ownership mark, the id that we would have made. */
export function findByIdentity(manifest: Manifest, index: LiveIndex): Found | MatchProblem | undefined {
  const { address } = manifest;
  const { kind } = index.scope;
  const project = index.project.name;
  const entry = index.entries.get(address);
  if (manifest.id !== undefined) {
    const live = index.byId.get(manifest.id);
    if (live !== undefined) return { live, how: 'id' };
  }
  if (manifest.id !== undefined && !wasBound(manifest.id, entry)) {
    const problem = matchFinding(
      manifest,
      `metadata.id ${manifest.id} does not exist on target ${manifest.target}`,
      {
        detail:
          'Correct the id, or remove metadata.id to let llmform create the object. What a vendor has built in cannot be bound.',
        path: '/metadata/id',
      },
    );
    return { problem };
  }
  const recorded = entry === undefined ? undefined : index.byId.get(entry.id);
  const conflict = recorded && findMarkConflict(recorded, address, index);
  if (recorded !== undefined && conflict?.mark !== undefined)
    return contestedMatch(manifest, recorded, conflict.mark, index);
  if (recorded !== undefined)
    return { live: recorded, how: 'ledger', ...(conflict && { unmarked: true as const }) };
  const marked = index.byMark.get(ownershipMarkFor(project, address)) ?? [];
  if (marked.length > 1) return ambiguousMatch(manifest, marked, 'carry the ownership mark of this address');
  if (marked[0] !== undefined) return { live: marked[0], how: 'mark' };
  if (kind.rules.clientId !== undefined) {
    const live = index.byId.get(clientIdFor(project, address));
    if (live !== undefined) return { live, how: 'client-id' };
  }
  return undefined;
}

/** Tells if an id was this address's once. An object that is gone since is created anew. */
function wasBound(id: string, entry: LedgerEntry | undefined): boolean {
  return entry !== undefined && (entry.id === id || entry.formerly?.includes(id) === true);
}
