import type { Glob } from '../../model/glob.js';
import { matchesGlobs } from '../../model/glob-walk.js';
import type { Git } from './git.js';

/** A file of a commit. */
export interface TreeFile {
  /** Relative to the folder that git runs in, with `/`. */
  path: string;
  object: string;
  /** In bytes. */
  size: number;
}

/** The files of a commit below the folder that git runs in; links are not among them. Throws `GitError`. */
export async function readTree(git: Git, commit: string): Promise<TreeFile[]> {
  const listing = await git.run(['ls-tree', '-r', '-z', '-l', commit]);
  return listing.split('\0').flatMap((line) => {
    const [, mode, object = '', size = '', path = ''] = ENTRY.exec(line) ?? [];
    return mode?.startsWith('100') ? [{ path, object, size: Number(size) }] : [];
  });
}

const ENTRY = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s;

/** Those that match, as `findFiles` would find them in a checkout, sorted. */
export function filesMatching(files: readonly TreeFile[], globs: readonly Glob[]): TreeFile[] {
  return files.filter(({ path }) => matchesGlobs(globs, path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The bytes of some files of a commit, in their order. Throws `GitError`. */
export async function readBlobs(git: Git, files: readonly TreeFile[]): Promise<Uint8Array[]> {
  if (files.length === 0) return [];
  const input = files.map(({ object }) => `${object}\n`).join('');
  const answer = await git.bytes(['cat-file', '--batch'], { input });
  let at = 0;
  return files.map(({ size }) => {
    const start = answer.indexOf(NEWLINE, at) + 1;
    at = start + size + 1;
    return answer.subarray(start, start + size);
  });
}

/** Brings a commit here from the remote where it is missing, without its history where there is little of it. */
export async function ensureCommit(git: Git, remote: string, commit: string): Promise<void> {
  const isHere = () => git.run(['cat-file', '-e', `${commit}^{commit}`]);
  try {
    await isHere();
  } catch {
    const shallow = (await git.run(['rev-parse', '--is-shallow-repository'])) === 'true';
    await git.run(['fetch', ...FETCH, ...(shallow ? ['--depth=1'] : []), remote, commit]);
    await isHere();
  }
}

const FETCH = [
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-gc',
  '--refmap=',
];

const NEWLINE = 0x0a;
