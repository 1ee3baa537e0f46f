import { hasSentValues } from '../../diff/stored-values.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Manifest } from '../../model/manifest.js';
import { formatPointer } from '../../model/pointer.js';
import type { Live } from '../../model/vendor.js';
import { clientIdFor, hasRoomForMark, naturalName, ownershipMarkFor } from './identity.js';
import { foreignMark, type LiveIndex } from './live-index.js';
import { ambiguousMatch, type Found, type MatchProblem, matchFinding } from './match-outcome.js';

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
  const foreign = recorded && foreignMark(recorded, index);
  if (foreign !== undefined) {
    const whose = index.mask?.(foreign) ?? foreign;
    const problem = matchFinding(
      manifest,
      `${address} is marked as ${whose}: another project manages it by now`,
      { detail: 'Remove the manifest here, or take the object back with metadata.id and --adopt.' },
    );
    return { problem };
  }
  if (recorded !== undefined && isUnlike(recorded, manifest, entry, index)) {
    const problem = matchFinding(
      manifest,
      `${recorded.id} has neither the ownership mark nor the name of ${address} any more`,
      {
        detail: `The ledger knows it by this address, and something else may be in its place by now, so it is left alone. If it is the right object, set metadata.id to ${recorded.id}; if not, give the manifest another metadata.name, and it gets an object of its own.`,
      },
    );
    return { problem };
  }
  if (recorded !== undefined) return { live: recorded, how: 'ledger' };
  const marked = index.byMark.get(ownershipMarkFor(project, address)) ?? [];
  if (marked.length > 1) return ambiguousMatch(manifest, marked, 'carry the ownership mark of this address');
  if (marked[0] !== undefined) return { live: marked[0], how: 'mark' };
  if (kind.rules.clientId !== undefined) {
    const live = index.byId.get(clientIdFor(project, address));
    if (live !== undefined) return { live, how: 'client-id' };
  }
  return undefined;
}

/**
 * Tells if nothing of an object says that it is ours, where something would: it has room for a mark and lacks it, and has
 * neither the name that its manifest declares nor the one that was applied.
 */
function isUnlike(
  live: Live,
  { spec }: Manifest,
  entry: LedgerEntry | undefined,
  { scope: { kind }, marks, baselines: { codec } }: LiveIndex,
): boolean {
  const { rules } = kind;
  if (rules.mark === undefined || marks.has(live)) return false;
  if (!hasRoomForMark(rules, live.spec[rules.mark.field] ?? null)) return false;
  const declared = naturalName(kind, spec);
  if (declared !== undefined && declared === naturalName(kind, live.spec)) return false;
  const paths = rules.naturalName.map((field) => formatPointer([field]));
  const applied = Object.entries(entry?.applied ?? {}).filter(([path]) => paths.includes(path));
  // Where no name was ever ours, it cannot be another one.
  if (applied.length < paths.length) return declared !== undefined;
  return !hasSentValues(live.spec, Object.fromEntries(applied), rules, codec);
}

/** Tells if an id was this address's once. An object that is gone since is created anew. */
function wasBound(id: string, entry: LedgerEntry | undefined): boolean {
  return entry !== undefined && (entry.id === id || entry.formerly?.includes(id) === true);
}
