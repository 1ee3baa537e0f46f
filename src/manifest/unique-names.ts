import { quoteName } from '../model/format-path.js';
import { formatPointer } from '../model/pointer.js';
import { uniqueNameIn } from '../model/unique-name.js';
import type { Kind } from '../model/vendor.js';
import type { AddLateFinding } from './late-findings.js';
import type { ManifestDraft } from './read-manifest.js';

/** Checks that no two manifests want one name where the vendor has it once; each further one is told where the first is. */
export function checkUniqueNames(drafts: readonly ManifestDraft[], addFinding: AddLateFinding): void {
  const byName = new Map<string, ManifestDraft>();
  for (const draft of drafts) {
    const { kind, manifest } = draft;
    const { uniqueName } = kind.rules;
    const wanted = uniqueNameIn(kind, manifest.spec);
    if (uniqueName === undefined || wanted === undefined || isIgnored(draft, uniqueName)) continue;
    const key = JSON.stringify([manifest.target, kind.name, wanted.key]);
    const first = byName.get(key);
    if (first === undefined) {
      byName.set(key, draft);
      continue;
    }
    const { source } = first.manifest;
    const where = uniqueName.within.map((field) => ` and the same ${field}`).join('');
    addFinding(draft, {
      code: 'duplicate',
      summary: `a second ${kind.name} with the name ${quoteName(wanted.name)}${where}; the first is in ${source.file}:${source.line}`,
      detail: 'The vendor takes a name once there: give one of the two another one, or remove it.',
      path: formatPointer(['spec', uniqueName.field]),
    });
    draft.valid = false;
  }
}

/** The live object of a manifest that ignores its name may be called otherwise by now. */
function isIgnored(
  { manifest: { ignoreChanges } }: ManifestDraft,
  { field, within }: NonNullable<Kind['rules']['uniqueName']>,
): boolean {
  return [field, ...within].some((name) => ignoreChanges.includes(formatPointer([name])));
}
