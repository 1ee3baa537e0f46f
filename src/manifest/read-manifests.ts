import type { Diagnostic } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Statements } from '../model/statements.js';
import type { Vendor } from '../model/vendor.js';
import { type AddLateFinding, openLateFindings } from './late-findings.js';
import { type ManifestDraft, type ManifestFile, type ReadFile, readManifestFile } from './read-manifest.js';
import { checkReferences } from './references.js';
import { builtInSchemas, type Schemas } from './schema/schemas.js';
import { checkStatements } from './statements/check-statements.js';
import { compareTexts, toDiagnostics } from './yaml/findings.js';

/** The manifests and the statements of a project, and every mistake in every file. */
export interface ReadManifests {
  /** Those that have no mistake of their own, ordered by file and position. */
  manifests: Manifest[];
  /** Of all documents for this project; those of others are left out. */
  statements: Statements;
  diagnostics: Diagnostic[];
}

/**
 * Reads all manifests of a project. Where a file's bytes come from a function, it is asked when the file's turn comes, and its
 * errors are passed on.
 */
export function readManifests(
  files: readonly ManifestFile[],
  project: Project,
  vendors: readonly Vendor[],
  schemas: Schemas = builtInSchemas,
): ReadManifests {
  const rules = { project, vendors, schemas };
  const read = [...files]
    .sort((a, b) => compareTexts(a.file, b.file))
    .map((file) => readManifestFile(file, rules));
  const addFinding = openLateFindings();
  const unique = withoutDuplicates(
    read.flatMap(({ drafts }) => drafts),
    addFinding,
  );
  checkReferences(unique, addFinding);
  const statements = mergeStatements(read, unique, project);
  const manifests = unique.filter(({ valid }) => valid).map(({ manifest }) => manifest);
  return { manifests, statements, diagnostics: toDiagnostics(read.map(({ source }) => source)) };
}

function mergeStatements(
  files: readonly ReadFile[],
  manifests: readonly ManifestDraft[],
  project: Project,
): Statements {
  const all = files.flatMap(({ statements }) => statements);
  const drafts = {
    bind: all.flatMap(({ bind }) => bind),
    moved: all.flatMap(({ moved }) => moved),
    forget: all.flatMap(({ forget }) => forget),
  };
  const declared = manifests.map((draft) => ({
    address: draft.manifest.address,
    id: draft.manifest.id,
    where: whereIs(draft),
  }));
  const whole = files.every((file) => file.whole);
  checkStatements(drafts, project, declared, whole);
  return {
    bind: drafts.bind.map(({ statement }) => statement),
    moved: drafts.moved.map(({ statement }) => statement),
    forget: drafts.forget.map(({ statement }) => statement),
  };
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
