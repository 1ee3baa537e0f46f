import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Git, GitError, type GitLimits, openGit } from './git.js';
import type { GitRemote } from './remote.js';

/** One branch of a repository elsewhere, and commits of it in folders of their own. All of it throws `GitError`. */
export interface GitCheckout {
  /** The commit of the ref at the remote; undefined when the ref does not exist. Costs next to nothing. */
  tip(): Promise<string | undefined>;
  /** Gets what the ref points to now; returns the commit. */
  fetch(): Promise<string>;
  /** The commit that was accepted last; undefined before the first. */
  accepted(): Promise<string | undefined>;
  accept(commit: string): Promise<void>;
  /** Tells whether a fetched commit was made on top of an earlier one. */
  descends(commit: string, from: string): Promise<boolean>;
  /** The folder with all files of a commit. */
  checkOut(commit: string): Promise<string>;
  /** Removes the folders of all other commits. */
  keepOnly(commits: readonly (string | undefined)[]): Promise<void>;
  /** Ends the running command, which may wait for a remote. The checkout cannot be used afterwards. */
  close(): void;
}

/**
 * A bare repository and folders of commits below `folder`. The first fetch gets one commit without its history, later
 * ones what was made on top of it, so that it is always known whether a branch only moved forward.
 */
export async function openCheckout(
  folder: string,
  remote: GitRemote,
  ref: string,
  env: Readonly<Record<string, string | undefined>>,
  clean?: GitLimits['clean'],
): Promise<GitCheckout> {
  const repository = join(folder, 'repository');
  await removeLocks(repository);
  const commits = join(folder, 'commits');
  const variables = { ...withoutRepository(env), ...remote.env };
  const closing = new AbortController();
  const limits = { timeoutMs: FETCH_LIMIT_MS, signal: closing.signal, clean };
  const bare = { ...variables, GIT_DIR: '.' };
  const git = openGit(repository, bare, limits);
  const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  // Another address or branch in the same folder starts afresh.
  const own = `refs/watch/${createHash('sha256').update(`${remote.url}\0${full}`).digest('hex').slice(0, 16)}`;

  async function ready(): Promise<Git> {
    if (existsSync(join(repository, 'HEAD'))) return git;
    // Made aside: a repository that is there is whole.
    const draft = `${repository}.${randomBytes(4).toString('hex')}`;
    await mkdir(draft, { recursive: true });
    const making = openGit(draft, bare, limits);
    await making.run(['init', '--quiet', '--bare', '.']);
    for (const [name, value] of SETTINGS) await making.run(['config', name, value]);
    await making.run(['remote', 'add', 'origin', remote.url]);
    await rename(draft, repository);
    return git;
  }

  async function commitAt(name: string): Promise<string | undefined> {
    const found = await (await ready()).run(['for-each-ref', '--format=%(objectname)', name]);
    return found === '' ? undefined : found;
  }

  return {
    async tip() {
      await ready();
      // The address as it is now: it may have changed since the repository was made.
      await git.run(['remote', 'set-url', 'origin', remote.url]);
      const listed = await git.run(['ls-remote', '--quiet', 'origin', full]);
      return listed
        .split('\n')
        .find((line) => line.endsWith(`\t${full}`))
        ?.split('\t')[0];
    },

    async fetch() {
      const known = await commitAt(own);
      const depth = known === undefined ? ['--depth=1'] : [];
      await git.run(['fetch', '--quiet', '--no-tags', ...depth, 'origin', `+${full}:${INCOMING}`]);
      return git.run(['rev-parse', '--verify', '--quiet', `${INCOMING}^{commit}`]);
    },

    accepted: () => commitAt(own),

    async accept(commit) {
      await (await ready()).run(['update-ref', own, commit]);
    },

    async descends(commit, from) {
      // Prints the commit itself where it is one of the ancestors; an answer of no is not an error that way.
      const base = await git.run(['merge-base', '--all', from, commit]).catch((error: unknown) => {
        if (error instanceof GitError && error.code === 'failed' && error.output.trim() === '') return '';
        throw error;
      });
      return base.split('\n').includes(from);
    },

    async checkOut(commit) {
      const place = join(commits, commit);
      if (existsSync(place)) return place;
      const draft = join(commits, `.${commit}.${randomBytes(4).toString('hex')}`);
      await mkdir(draft, { recursive: true });
      try {
        await fillFromTree(draft, commit, repository, variables, limits);
        await rename(draft, place);
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        throw error;
      }
      return place;
    },

    async keepOnly(kept) {
      const all = await readdir(commits).catch(() => []);
      for (const name of all) {
        if (!kept.includes(name)) await rm(join(commits, name), { recursive: true, force: true });
      }
    },

    close: () => closing.abort(),
  };
}

const INCOMING = 'refs/watch/incoming';
const FETCH_LIMIT_MS = 300_000;
/** No hooks or filters run, files are as in git, and no maintenance goes on in the background. */
const SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['gc.autoDetach', 'false'],
] as const;

/** Writes the files of a commit, or of a tree in it, into an empty folder. Throws `GitError`. */
export async function fillFromTree(
  place: string,
  tree: string,
  repository: string,
  env: Readonly<Record<string, string | undefined>>,
  limits: GitLimits,
): Promise<void> {
  const index = `${place}.index`;
  const here = { ...env, GIT_DIR: repository, GIT_WORK_TREE: place, GIT_INDEX_FILE: index };
  const git = openGit(place, here, limits);
  try {
    await git.run(['read-tree', tree]);
    await git.run(['checkout-index', '--all', '--force', '--quiet']);
    await removeLinksOutside(place, await git.run(['ls-files', '--stage', '-z']));
    // With this a ledger that is kept in git finds the repository and its remote from here.
    await writeFile(join(place, '.git'), `gitdir: ${repository}\n`);
  } finally {
    await rm(index, { force: true });
  }
}

/** Git that died with its machine or container leaves locks behind, and no other process uses this repository. */
async function removeLocks(repository: string): Promise<void> {
  const left = ['.', 'refs/watch'].map(async (folder) => {
    const names = await readdir(join(repository, folder)).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.lock'))) await rm(join(repository, folder, name));
  });
  await Promise.all(left);
}

/** A link of the repository must not make anything outside of it part of the project. */
async function removeLinksOutside(place: string, staged: string): Promise<void> {
  const root = await realpath(place);
  const links = staged.split('\0').flatMap((line) => /^120000 [^\t]*\t(.+)$/s.exec(line)?.[1] ?? []);
  for (const link of links) {
    const real = await realpath(join(place, link)).catch(() => undefined);
    if (real === undefined || !real.startsWith(root + sep))
      await unlink(join(place, link)).catch(() => undefined);
  }
}

/** A process started by a hook of git has that repository in its environment. */
export function withoutRepository(env: Readonly<Record<string, string | undefined>>) {
  const { GIT_DIR: _1, GIT_WORK_TREE: _2, GIT_INDEX_FILE: _3, GIT_OBJECT_DIRECTORY: _4, ...others } = env;
  return others;
}
