import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Unseen } from '../../model/unseen.js';
import { withoutRepository } from './checkout.js';
import { GitError, type GitLimits, openGit } from './git.js';
import { fillTree } from './tree-files.js';

/** A folder of a repository as a commit has it. */
export interface CommitFolder {
  /** In full. */
  commit: string;
  /** Absolute. There as long as it is used. */
  folder: string;
  /** What is not there: submodules, and links that lead out of it or nowhere. */
  missing: Unseen[];
  /** Tells if a file of it is there. */
  holds(path: string): boolean;
}

/**
 * Has the files below a folder of the work tree as a commit has them, in a private folder that is gone afterwards. Work
 * tree and index stay as they are, and neither hooks nor filters run. Throws `GitError`.
 * @param name of the commit, as git knows it
 */
export async function withCommitFolder<T>(
  folder: string,
  name: string,
  { env, clean }: { env: Readonly<Record<string, string | undefined>>; clean?: GitLimits['clean'] },
  use: (files: CommitFolder) => Promise<T>,
): Promise<T> {
  const git = openGit(folder, env, { clean });
  const prefix = await git.run(['rev-parse', '--show-prefix']);
  // A name that looks like an option is none.
  if (name.startsWith('-')) throw new GitError('failed', 'a commit has no such name');
  const commit = await git.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]).catch(unknownCommit);
  const objects = resolve(folder, await git.run(['rev-parse', '--git-path', 'objects']));
  const own = await mkdtemp(join(tmpdir(), 'llmform-at-'));
  try {
    const repository = join(own, 'repository');
    const place = join(own, 'files');
    await mkdir(place);
    await makeRepository(repository, objects, env);
    const tree = `${commit}:${prefix}`;
    const settings = { folder: own, env: withoutRepository(env), limits: { clean }, hosts: undefined };
    const missing = await fillTree(place, { repository, url: '', commit: tree }, settings);
    return await use({ commit, folder: place, missing, holds: (path) => existsSync(join(place, path)) });
  } finally {
    await rm(own, { recursive: true, force: true, maxRetries: 3 });
  }
}

function unknownCommit(error: unknown): never {
  if (!(error instanceof GitError) || error.code !== 'failed') throw error;
  throw new GitError('failed', 'this repository has no such commit');
}

/** A repository without anything but the objects of another one: the settings of that one may name programs. */
async function makeRepository(
  path: string,
  objects: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await mkdir(path);
  await openGit(path, { ...withoutRepository(env), GIT_DIR: '.' }).run(['init', '--quiet', '--bare', '.']);
  await mkdir(join(path, 'objects', 'info'), { recursive: true });
  await writeFile(join(path, 'objects', 'info', 'alternates'), `${objects}\n`);
}
