import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unseen } from '../../model/unseen.js';
import { createBareRepository } from './bare-repository.js';
import { type Git, GitError, type GitLimits, openGit } from './git.js';
import { readMissing, writeMissing } from './missing-list.js';
import type { GitRemote } from './remote.js';
import { fillTree } from './tree-files.js';

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
  /** The folder with the files of a commit, and what of it is not there. */
  checkOut(commit: string): Promise<CheckedOut>;
  /** Removes the folders of all other commits. */
  keepOnly(commits: readonly (string | undefined)[]): Promise<void>;
  /** Ends the running command, which may wait for a remote. The checkout cannot be used afterwards. */
  close(): void;
}

/** A commit as it lies on the disk. */
export interface CheckedOut {
  folder: string;
  /** Submodules that were not fetched, and links that were dropped, by paths in the folder. */
  missing: Unseen[];
}

export interface CheckoutOptions {
  clean?: GitLimits['clean'];
  /** Hosts beside the repository's own that submodules may come from; undefined fetches none. */
  submoduleHosts?: readonly string[] | undefined;
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
  { clean, submoduleHosts }: CheckoutOptions = {},
): Promise<GitCheckout> {
  const repository = join(folder, 'repository');
  await removeLocks(repository);
  const commits = join(folder, 'commits');
  const lists = join(folder, 'missing');
  const variables = { ...withoutRepository(env), ...remote.env };
  const closing = new AbortController();
  const limits = { timeoutMs: FETCH_LIMIT_MS, signal: closing.signal, clean };
  const bare = { ...variables, GIT_DIR: '.' };
  const git = openGit(repository, bare, limits);
  const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  // Another address or branch in the same folder starts afresh.
  const own = `refs/watch/${createHash('sha256').update(`${remote.url}\0${full}`).digest('hex').slice(0, 16)}`;

  async function ready(): Promise<Git> {
    await createBareRepository(repository, remote.url, variables, limits);
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
      const name = submoduleHosts === undefined ? commit : `${commit}+submodules`;
      const [place, list] = [join(commits, name), join(lists, name)];
      const known = await readMissing(list);
      if (known !== undefined && existsSync(place)) return { folder: place, missing: known };
      const draft = join(commits, `.${commit}.${randomBytes(4).toString('hex')}`);
      await mkdir(draft, { recursive: true });
      try {
        const source = { repository, url: remote.url, commit };
        const settings = { folder, env: variables, limits, hosts: submoduleHosts };
        const missing = await fillTree(draft, source, settings);
        // With this a ledger that is kept in git finds the repository and its remote from here.
        await writeFile(join(draft, '.git'), `gitdir: ${repository}\n`);
        await rm(place, { recursive: true, force: true });
        await mkdir(lists, { recursive: true });
        await writeMissing(list, missing);
        await rename(draft, place);
        return { folder: place, missing };
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        throw error;
      }
    },

    async keepOnly(kept) {
      for (const place of [commits, lists]) {
        const all = await readdir(place).catch(() => []);
        const others = all.filter((name) => !kept.includes(name.replace('+submodules', '')));
        for (const name of others) await rm(join(place, name), { recursive: true, force: true });
      }
    },

    close: () => closing.abort(),
  };
}

const INCOMING = 'refs/watch/incoming';
const FETCH_LIMIT_MS = 300_000;
/** Git that died with its machine or container leaves locks behind, and no other process uses this repository. */
async function removeLocks(repository: string): Promise<void> {
  const left = ['.', 'refs/watch'].map(async (folder) => {
    const names = await readdir(join(repository, folder)).catch(() => []);
    for (const name of names.filter((one) => one.endsWith('.lock'))) await rm(join(repository, folder, name));
  });
  await Promise.all(left);
}

/** A process started by a hook of git has that repository in its environment. */
export function withoutRepository(env: Readonly<Record<string, string | undefined>>) {
  const { GIT_DIR: _1, GIT_WORK_TREE: _2, GIT_INDEX_FILE: _3, GIT_OBJECT_DIRECTORY: _4, ...others } = env;
  return others;
}
