import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Glob } from '../../model/glob.js';
import { matchesGlobs } from '../../model/glob-walk.js';
import type { Unseen } from '../../model/unseen.js';
import { readBoundedSync } from '../fs/read-files.js';
import { openGit } from './git.js';

/** Findings of a walk through a work tree. Paths are relative to its folder. */
export interface WorkTree {
  /** The `.gitmodules` in it. */
  moduleLists: readonly string[];
  /** Its empty folders. */
  empty: readonly string[];
}

/**
 * What git left out of a work tree: submodules that were not fetched, for which there is an empty folder or none, and files
 * that a sparse checkout skips. Git is asked only where there is a sign of either.
 */
export async function findLeftOut(
  folder: string,
  { moduleLists, empty }: WorkTree,
  globs: readonly Glob[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Unseen[]> {
  const root = repositoryAround(folder);
  if (root === undefined) return [];
  const named = submodulesAround(folder, root, moduleLists).filter((path) => isEmpty(join(folder, path)));
  const unnamed = empty.filter((path) => !named.includes(path));
  const entries = unnamed.length > 0 || isSparse(root) ? await readIndex(folder, env) : [];
  const links = new Set(entries.filter(({ mode }) => mode === '160000').map(({ path }) => path));
  const submodules = [...new Set([...named, ...unnamed.filter((path) => links.has(path))])];
  const skipped = entries.filter(({ tag, path }) => tag === 'S' && matchesGlobs(globs, path));
  const [first] = skipped;
  return [
    ...submodules.map((place): Unseen => ({ what: 'submodule', place })),
    ...(first === undefined ? [] : [{ what: 'sparse' as const, place: first.path, count: skipped.length }]),
  ];
}

function submodulesAround(folder: string, root: string, lists: readonly string[]): string[] {
  const own = lists.flatMap((list) => submodulesIn(folder, list));
  if (root === folder) return own;
  const outer = submodulesIn(root, '.gitmodules').map((path) =>
    relative(folder, join(root, path)).replaceAll(sep, '/'),
  );
  return [...own, ...outer.filter((path) => path !== '' && !path.startsWith('..'))];
}

/** Paths in a `.gitmodules`, relative to `folder`; none where there is no such file. */
function submodulesIn(folder: string, list: string): string[] {
  const text = readText(folder, list) ?? '';
  const paths = [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\n]*?)"?[ \t]*\r?$/gm)];
  const base = list.includes('/') ? `${dirname(list)}/` : '';
  return paths.map(([, path = '']) => base + path.replace(/\/$/, ''));
}

function readText(folder: string, file: string): string | undefined {
  const found = readBoundedSync(folder, file);
  return 'bytes' in found ? Buffer.from(found.bytes).toString('utf8') : undefined;
}

function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return !existsSync(path);
  }
}

function repositoryAround(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryAround(above);
}

function isSparse(root: string): boolean {
  // A work tree beside its repository has a file that says where that is.
  const elsewhere = /^gitdir: (.+)$/m.exec(readText(root, '.git') ?? '')?.[1];
  const repository = resolve(root, elsewhere ?? '.git');
  return existsSync(join(repository, 'info', 'sparse-checkout'));
}

interface IndexEntry {
  /** `S` is skipped by a sparse checkout. */
  tag: string;
  mode: string;
  path: string;
}

/** Without git, or where the folder belongs to another user, there are none: the lists name what can be fetched. */
async function readIndex(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<IndexEntry[]> {
  const listed = await openGit(folder, env)
    .run(['ls-files', '--stage', '-t', '-z'])
    .catch(() => '');
  return listed.split('\0').flatMap((line) => {
    const [, tag = '', mode = '', path = ''] = /^(\S) (\d+) [^\t]*\t(.+)$/s.exec(line) ?? [];
    return path === '' ? [] : [{ tag, mode, path }];
  });
}
