import { readProject } from '../manifest/project/read-project.js';
import { readManifests } from '../manifest/read-manifests.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Statements } from '../model/statements.js';
import { type Git, GitError } from '../platform/git/git.js';
import { ensureCommit, filesMatching, readBlobs, readTree } from '../platform/git/tree.js';
import { vendors } from '../vendors/index.generated.js';
import { parseGlobs } from './find-manifests.js';

/** A project as a commit has it. */
export type BaseProject =
  | { state: 'sound'; project: Project; manifests: Manifest[]; statements: Statements }
  /** It has no such project file. */
  | { state: 'absent' }
  /** It has mistakes, or cannot be had. */
  | { state: 'unusable'; why: string };

/** A pull request, as the event that the runner was given tells of it. */
export interface PullRequestCommits {
  /** The commit that it ends with. */
  head: string;
  /** The tip of the branch that it is for. */
  base: string;
}

/**
 * Reads the project that a pull request is compared with out of git's objects: nothing is checked out, and no file of the
 * work tree is looked at. `head` is the project as the pull request has it.
 */
export async function readBaseProject(
  git: Git,
  pull: PullRequestCommits,
  head: Project,
): Promise<BaseProject> {
  try {
    const commit = await baseCommit(git, pull);
    await ensureCommit(git, 'origin', commit);
    return await readAt(git, commit, head);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { state: 'unusable', why: `git cannot read it: ${error.message}` };
  }
}

/** The first parent of the checked-out merge commit, which is never out of date; otherwise the event's base commit. */
async function baseCommit(git: Git, { head, base }: PullRequestCommits): Promise<string> {
  const commit = await git.run(['cat-file', 'commit', 'HEAD']);
  const [header = ''] = commit.split('\n\n', 1);
  // Also where the history was cut off: what a commit says of its parents stays.
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
  const [first, second] = parents;
  if (first !== undefined && second === head && parents.length === 2) return first;
  if (!COMMIT.test(base)) throw new GitError('failed', 'the event names no base commit');
  return base;
}

const COMMIT = /^[0-9a-f]{40,64}$/;

async function readAt(git: Git, commit: string, head: Project): Promise<BaseProject> {
  const tree = await readTree(git, commit);
  const config = tree.filter(({ path }) => path === head.file);
  const [bytes] = await readBlobs(git, config);
  if (bytes === undefined) return { state: 'absent' };
  const { project, diagnostics } = readProject(bytes, head, vendors);
  if (project === undefined) return { state: 'unusable', why: `its ${head.file} has mistakes` };
  const files = filesMatching(tree, parseGlobs(project.manifests));
  const texts = await readBlobs(git, files);
  const read = readManifests(
    files.map(({ path }, i) => ({ file: path, bytes: texts[i] ?? new Uint8Array() })),
    project,
    vendors,
  );
  if (hasErrors([...diagnostics, ...read.diagnostics])) {
    return { state: 'unusable', why: 'its manifests have mistakes' };
  }
  return { state: 'sound', project, manifests: read.manifests, statements: read.statements };
}
