import { type Diagnostic, error } from '../../model/diagnostic.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';

/** How a manifest found its live object. */
export type MatchedBy = 'id' | 'ledger' | 'mark' | 'client-id' | 'intent' | 'name';

/** The live object of a manifest. */
export interface Found {
  live: Live;
  how: MatchedBy;
  /** Only the ledger says that it is ours: it has no ownership mark, though it should. */
  unmarked?: true;
}

/** Why a manifest has no object, and is not to be given one either. */
export interface MatchProblem {
  problem: Diagnostic;
}

/** Objects that cannot be told apart, and the way out. */
export function ambiguousMatch(manifest: Manifest, live: readonly Live[], what: string): MatchProblem {
  const ids = live.map((object) => object.id).sort();
  const problem = matchFinding(
    manifest,
    `${live.length} live objects ${what}: ${manifest.address} cannot tell which one is meant`,
    { detail: `Set metadata.id to one of them: ${ids.join(', ')}.` },
  );
  return { problem };
}

/** A finding about the match of a manifest with its live object. */
export function matchFinding(
  manifest: Manifest,
  summary: string,
  more: Pick<Diagnostic, 'detail' | 'path'>,
): Diagnostic {
  const { file, line } = manifest.source;
  return error('identity', summary, { ...more, file, line, address: manifest.address });
}
