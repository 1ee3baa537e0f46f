import { isIgnored } from '../diff/ignore-changes.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import { makesNewId, type Step } from '../plan/step.js';

/**
 * The diagnostics of secrets that cannot be resolved, without those that a plan does not send: an ignored one goes only
 * with a new object.
 */
export function neededSecrets(
  unresolved: readonly Diagnostic[],
  manifests: readonly Manifest[],
  steps: readonly Step[],
): Diagnostic[] {
  const created = new Set(steps.filter(makesNewId).map(({ change }) => change.address));
  const unsent = new Map(
    manifests
      .filter(({ address, ignoreChanges }) => ignoreChanges.length > 0 && !created.has(address))
      .map(({ address, ignoreChanges }) => [address, ignoreChanges]),
  );
  return unresolved.filter(({ address = '', path = '' }) => {
    const pointers = unsent.get(address) ?? [];
    return !isIgnored(path.replace(/^\/spec/, ''), pointers);
  });
}
