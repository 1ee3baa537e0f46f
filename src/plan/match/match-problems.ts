import { type Diagnostic, error } from '../../model/diagnostic.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';

/** Objects that cannot be told apart, and the way out. */
export function reportAmbiguousMatch(
  manifest: Manifest,
  live: readonly Live[],
  what: string,
  diagnostics: Diagnostic[],
): 'wrong' {
  const ids = live.map((object) => object.id).sort();
  diagnostics.push(
    matchProblem(
      manifest,
      `${live.length} live objects ${what}: ${manifest.address} cannot tell which one is meant`,
      {
        detail: `Set metadata.id to one of them: ${ids.join(', ')}.`,
      },
    ),
  );
  return 'wrong';
}

/** A finding about which live object a manifest stands for. */
export function matchProblem(
  manifest: Manifest,
  summary: string,
  more: Pick<Diagnostic, 'detail' | 'path'>,
): Diagnostic {
  const { file, line } = manifest.source;
  return error('identity', summary, { ...more, file, line, address: manifest.address });
}
