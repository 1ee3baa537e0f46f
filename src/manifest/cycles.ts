import type { AddLateFinding } from './late-findings.js';
import type { ManifestDraft } from './read-manifest.js';

/** A `{ ref: Kind/name }` that leads to a manifest. */
export interface Reference {
  from: ManifestDraft;
  to: ManifestDraft;
  /** Its place in the document of `from`. */
  path: string;
}

/** Reports each circle of references once, at its first manifest. */
export function reportReferenceCycles(
  drafts: readonly ManifestDraft[],
  references: ReadonlyMap<ManifestDraft, readonly Reference[]>,
  addFinding: AddLateFinding,
): void {
  const done = new Set<ManifestDraft>();
  for (const start of drafts) {
    if (done.has(start) || !references.has(start)) continue;
    walk(start, references, done, (cycle) => report(cycle, addFinding));
  }
}

/** Depth first with a stack of our own, since a chain of references may be longer than the program's. */
function walk(
  start: ManifestDraft,
  references: ReadonlyMap<ManifestDraft, readonly Reference[]>,
  done: Set<ManifestDraft>,
  found: (cycle: readonly Reference[]) => void,
): void {
  const trail: Reference[] = [];
  const onTrail = new Map<ManifestDraft, number>([[start, 0]]);
  const open = [{ draft: start, left: [...(references.get(start) ?? [])] }];
  for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
    const next = step.left.pop();
    if (next === undefined) {
      done.add(step.draft);
      onTrail.delete(step.draft);
      open.pop();
      trail.pop();
      continue;
    }
    const since = onTrail.get(next.to);
    if (since !== undefined) found([...trail.slice(since), next]);
    else if (!done.has(next.to)) {
      trail.push(next);
      onTrail.set(next.to, open.length);
      open.push({ draft: next.to, left: [...(references.get(next.to) ?? [])] });
    }
  }
}

function report(cycle: readonly Reference[], addFinding: AddLateFinding): void {
  const [first] = cycle;
  if (first === undefined) return;
  for (const { from } of cycle) from.valid = false;
  addFinding(first.from, {
    code: 'reference',
    summary: `these references go round in a circle: ${[...cycle, first].map(({ from }) => from.manifest.address).join(' -> ')}`,
    detail:
      'None of these objects could be created first: replace one reference by the id of an existing object.',
    path: first.path,
  });
}
