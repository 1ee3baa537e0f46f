import { type Glob, matchesName, type Segment } from './glob.js';

/**
 * The progress of patterns on the way down from their folder. Names are given one by one, so that a search need not enter
 * folders in which nothing can match.
 */
export interface GlobWalk {
  /** The same, one folder or file further down. */
  enter(name: string): GlobWalk;
  /** Positions, in the list of patterns, of those that match this file; none where one with `!` does. */
  matched(): readonly number[];
  /** True if a pattern with `!` leaves out this file or folder. */
  excluded(): boolean;
  /** True if a match is possible below this folder. */
  leadsOn(): boolean;
}

/** The start of a walk: the folder that the patterns are relative to. */
export function walkGlobs(globs: readonly Glob[]): GlobWalk {
  const ways = globs.flatMap(({ branches, negated }, pattern) =>
    branches.map((branch): Way => ({ pattern, negated, branch, reached: close(branch, [0]) })),
  );
  return toWalk(ways);
}

/** Tells if a path matches, by the rules of the walk: nothing that begins with a dot, and no node_modules. */
export function matchesGlobs(globs: readonly Glob[], path: string): boolean {
  const names = path.split('/');
  if (names.some(isLeftOut)) return false;
  let walk = walkGlobs(globs);
  for (const name of names) walk = walk.enter(name);
  return walk.matched().length > 0;
}

/** Names that no pattern finds: they are git's, an editor's or a package manager's. */
export function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** One choice of one pattern, and the parts of it that the next name may have to match. */
interface Way {
  pattern: number;
  negated: boolean;
  branch: readonly Segment[];
  reached: readonly number[];
}

function toWalk(ways: readonly Way[]): GlobWalk {
  const isDone = ({ branch, reached }: Way) => reached.includes(branch.length);
  const excluded = () => ways.some((way) => way.negated && isDone(way));
  return {
    enter: (name) => toWalk(ways.flatMap((way) => advance(way, name))),
    excluded,
    matched() {
      if (excluded()) return [];
      return [...new Set(ways.filter((way) => !way.negated && isDone(way)).map(({ pattern }) => pattern))];
    },
    leadsOn: () =>
      !ways.some((way) => way.negated && takesAll(way)) &&
      ways.some(({ negated, branch, reached }) => !negated && reached.some((at) => at < branch.length)),
  };
}

/** The folder and all that is in it. */
function takesAll({ branch, reached }: Way): boolean {
  return branch.at(-1)?.kind === 'folders' && reached.includes(branch.length - 1);
}

function advance(way: Way, name: string): Way[] {
  const { branch, reached } = way;
  const next = reached.flatMap((at) => {
    const segment = branch[at];
    if (segment === undefined) return [];
    if (segment.kind === 'folders') return [at];
    return matchesName(segment.atoms, name) ? [at + 1] : [];
  });
  return next.length === 0 ? [] : [{ ...way, reached: close(branch, next) }];
}

/** Any number of folders may be none. */
function close(branch: readonly Segment[], reached: readonly number[]): number[] {
  const all = new Set(reached);
  for (const at of all) if (branch[at]?.kind === 'folders') all.add(at + 1);
  return [...all];
}
