import type { Diagnostic } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Vendor } from '../model/vendor.js';
import { compare, remark, type SourceFile, toDiagnostics } from './findings.js';
import { type Draft, readFile } from './manifest.js';
import { checkReferences } from './references.js';
import { builtInSchemas, type Schemas } from './schemas.js';

/**
 * Reads all manifests of a project. Every mistake in every file is in `diagnostics`; `manifests` holds those that have
 * none of their own, ordered by file and position.
 */
export function readManifests(
  files: readonly { file: string; bytes: Uint8Array }[],
  project: Project,
  vendors: readonly Vendor[],
  schemas: Schemas = builtInSchemas,
): { manifests: Manifest[]; diagnostics: Diagnostic[] } {
  const rules = { project, vendors, schemas };
  const sources: SourceFile[] = [];
  const drafts: Draft[] = [];
  for (const { file, bytes } of [...files].sort((a, b) => compare(a.file, b.file))) {
    const read = readFile(file, bytes, rules);
    // The text of a file in which nothing is wrong so far is still needed: a duplicate may turn up later.
    sources.push(read.source);
    drafts.push(...read.drafts);
  }
  const unique = withoutDuplicates(drafts);
  checkReferences(unique);
  const manifests = unique.filter(({ valid }) => valid).map(({ manifest }) => manifest);
  return { manifests, diagnostics: toDiagnostics(sources) };
}

/** One draft per address; each further one is told where the first stands. */
function withoutDuplicates(drafts: readonly Draft[]): Draft[] {
  const byAddress = new Map<string, Draft>();
  const byId = new Map<string, Draft>();
  for (const draft of drafts) {
    const first = byAddress.get(draft.address);
    if (first !== undefined) {
      remark(draft.place, {
        code: 'duplicate',
        summary: `a second manifest for ${draft.address}; the first stands in ${whereIs(first)}`,
        detail: 'Give one of the two another metadata.name, or remove it.',
        path: '/metadata/name',
      });
      continue;
    }
    byAddress.set(draft.address, draft);
    checkSameId(draft, byId);
  }
  return [...byAddress.values()];
}

function checkSameId(draft: Draft, byId: Map<string, Draft>): void {
  const { id, target, kind } = draft.manifest;
  if (id === undefined) return;
  const object = `${target}/${kind}/${id}`;
  const first = byId.get(object);
  if (first === undefined) {
    byId.set(object, draft);
    return;
  }
  remark(draft.place, {
    code: 'duplicate',
    summary: `this manifest binds to the same object as ${first.address} in ${whereIs(first)}`,
    detail: 'One object can have one manifest: correct one metadata.id, or remove one of the two manifests.',
    path: '/metadata/id',
  });
  draft.valid = false;
}

function whereIs({ manifest: { source } }: Draft): string {
  return `${source.file}:${source.line}`;
}
