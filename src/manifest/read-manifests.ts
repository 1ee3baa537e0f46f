import type { Diagnostic } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Vendor } from '../model/vendor.js';
import { type AddLateFinding, openLateFindings } from './late-findings.js';
import { type ManifestDraft, type ManifestFile, readManifestFile } from './read-manifest.js';
import { checkReferences } from './references.js';
import { builtInSchemas, type Schemas } from './schema/schemas.js';
import { checkUniqueNames } from './unique-names.js';
import { compareTexts, type SourceFile, toDiagnostics } from './yaml/findings.js';

/**
 * Reads all manifests of a project. Every mistake in every file is in `diagnostics`; `manifests` holds those that have
 * none of their own, ordered by file and position. Where a file's bytes come from a function, it is asked when the file's turn
 * comes, and its errors are passed on.
 */
export function readManifests(
  files: readonly ManifestFile[],
  project: Project,
  vendors: readonly Vendor[],
  schemas: Schemas = builtInSchemas,
): { manifests: Manifest[]; diagnostics: Diagnostic[] } {
  const rules = { project, vendors, schemas };
  const sources: SourceFile[] = [];
  const drafts: ManifestDraft[] = [];
  for (const file of [...files].sort((a, b) => compareTexts(a.file, b.file))) {
    const read = readManifestFile(file, rules);
    sources.push(read.source);
    drafts.push(...read.drafts);
  }
  const addFinding = openLateFindings();
  const unique = withoutDuplicates(drafts, addFinding);
  checkUniqueNames(unique, addFinding);
  checkReferences(unique, addFinding);
  const manifests = unique.filter(({ valid }) => valid).map(({ manifest }) => manifest);
  return { manifests, diagnostics: toDiagnostics(sources) };
}

/** One draft per address; each further one is told where the first stands. */
function withoutDuplicates(drafts: readonly ManifestDraft[], addFinding: AddLateFinding): ManifestDraft[] {
  const byAddress = new Map<string, ManifestDraft>();
  const byId = new Map<string, ManifestDraft>();
  for (const draft of drafts) {
    const { address } = draft.manifest;
    const first = byAddress.get(address);
    if (first !== undefined) {
      addFinding(draft, {
        code: 'duplicate',
        summary: `a second manifest for ${address}; the first is in ${whereIs(first)}`,
        detail: 'Give one of the two another metadata.name, or remove it.',
        path: '/metadata/name',
      });
      continue;
    }
    byAddress.set(address, draft);
    checkSameId(draft, byId, addFinding);
  }
  return [...byAddress.values()];
}

function checkSameId(
  draft: ManifestDraft,
  byId: Map<string, ManifestDraft>,
  addFinding: AddLateFinding,
): void {
  const { id, target, kind } = draft.manifest;
  if (id === undefined) return;
  const object = `${target}/${kind}/${id}`;
  const first = byId.get(object);
  if (first === undefined) {
    byId.set(object, draft);
    return;
  }
  addFinding(draft, {
    code: 'duplicate',
    summary: `this manifest binds to the same object as ${first.manifest.address} in ${whereIs(first)}`,
    detail: 'One object can have one manifest: correct one metadata.id, or remove one of the two manifests.',
    path: '/metadata/id',
  });
  draft.valid = false;
}

function whereIs({ manifest: { source } }: ManifestDraft): string {
  return `${source.file}:${source.line}`;
}
