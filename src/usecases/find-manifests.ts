import { type Glob, literalName, parseGlob } from '../model/glob.js';
import { isLeftOut, walkGlobs } from '../model/glob-walk.js';
import type { Project } from '../model/project.js';
import type { PatternHint, Unseen } from '../model/unseen.js';
import { explainNoMatch } from '../platform/fs/explain-no-match.js';
import { resolveRealPath } from '../platform/fs/files.js';
import { findFiles } from '../platform/fs/find-files.js';
import { findLeftOut } from '../platform/git/left-out.js';
import type { RunContext } from './run-context.js';

/** The manifest files of a project, and what could not be seen of them. */
export interface FoundManifests {
  /** Relative to the project's folder with `/`, sorted. */
  files: string[];
  unseen: Unseen[];
}

/** Where in the project file a pattern stands. */
export type LocatePattern = (index: number) => { line: number; column: number };

/** Finds what a project's patterns match. `missing` is known to be missing before: what a checkout left out. */
export async function findManifests(
  { folder, manifests, file }: Pick<Project, 'folder' | 'manifests' | 'file'>,
  { env }: Pick<RunContext, 'env'>,
  locate: LocatePattern,
  missing: readonly Unseen[] = [],
): Promise<FoundManifests> {
  const globs = parseGlobs(manifests);
  const found = await findFiles(folder, globs);
  const root = await resolveRealPath(folder);
  const leftOut = await findLeftOut(root, found, globs, env);
  const elsewhere = [...missing, ...leftOut].filter(({ place }) => canMatch(globs, place));
  const submodules = elsewhere.filter(({ what }) => what === 'submodule').map(({ place }) => place);
  const unmatched = globs.flatMap((glob, index) =>
    glob.negated || found.matched.has(index) ? [] : [{ glob, index }],
  );
  const patterns: Unseen[] = [];
  for (const { glob, index } of unmatched) {
    const hint = submoduleHint(glob, submodules) ?? (await explainNoMatch(root, glob));
    patterns.push({ what: 'pattern', pattern: glob.text, place: file, ...locate(index), hint });
  }
  return { files: found.files, unseen: uniqueByPlace([...found.unseen, ...elsewhere]).concat(patterns) };
}

/** The patterns of a project file, whose form has been checked. */
export function parseGlobs(patterns: readonly string[]): Glob[] {
  return patterns.flatMap((text) => {
    const glob = parseGlob(text);
    return 'fault' in glob ? [] : [glob];
  });
}

/** Tells if a file or folder at this path could be, or hold, a match. */
function canMatch(globs: readonly Glob[], path: string): boolean {
  const names = path.split('/');
  if (names.some(isLeftOut)) return false;
  let walk = walkGlobs(globs);
  for (const name of names) walk = walk.enter(name);
  return walk.leadsOn() || walk.matched().length > 0;
}

function submoduleHint(glob: Glob, submodules: readonly string[]): PatternHint | undefined {
  const [branch = []] = glob.branches;
  const names = branch.map(literalName);
  const above = names.slice(0, names.indexOf(undefined) < 0 ? -1 : names.indexOf(undefined)).join('/');
  const folder = submodules.find((path) => above === path || above.startsWith(`${path}/`));
  return folder === undefined ? undefined : { why: 'submodule', folder };
}

function uniqueByPlace(unseen: readonly Unseen[]): Unseen[] {
  return [...new Map([...unseen].reverse().map((one) => [one.place, one])).values()].reverse();
}
