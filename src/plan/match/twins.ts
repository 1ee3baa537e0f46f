import { type Diagnostic, warning } from '../../model/diagnostic.js';
import type { Manifest } from '../../model/manifest.js';
import type { Live } from '../../model/vendor.js';
import { naturalName, ownershipMarkOf } from './identity.js';
import type { LiveIndex } from './live-index.js';

/** Warnings of an object that is about to be created beside one of the same name that others have marked as theirs. */
export function twinWarnings(
  { manifest, live }: { manifest: Manifest; live?: Live },
  index: LiveIndex,
): Diagnostic[] {
  const { scope, project } = index;
  const name = live === undefined ? naturalName(scope.kind, manifest.spec) : undefined;
  const namesakes = name === undefined ? [] : (index.named.get(name) ?? []);
  return namesakes.flatMap((other) => {
    const mark = ownershipMarkOf(scope.kind, other);
    if (mark === undefined || mark.startsWith(`${project.name}/${scope.target.name}/`)) return [];
    const whose = mark.startsWith(`${project.name}/`)
      ? 'an object of another target of this project'
      : "another project's object";
    const shown = index.mask?.(mark) ?? mark;
    const { address, source } = manifest;
    return [
      warning('adopt', `${address}: ${whose} has this name, and a twin is created beside it`, {
        detail: `It is ${other.id}, marked as ${shown}. Take it over with metadata.id and --adopt if this project should have it; else give one of them another name.`,
        ...source,
        address,
      }),
    ];
  });
}
