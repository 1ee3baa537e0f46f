import { readdir, realpath } from 'node:fs';
import { realpath as realPathOf } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type GlobOptions, glob } from 'tinyglobby';
import { errorCodeOf, fileError } from './files.js';

type FileSystem = Required<NonNullable<GlobOptions['fs']>>;

/**
 * The files that match, relative to `folder` with `/`, sorted. Folders that begin with a dot and node_modules
 * are left out, and so is everything outside `folder`, by `..` or by a symbolic link. A folder that cannot
 * be read is an error: files that were not seen must not look as if they were gone.
 */
export async function findFiles(folder: string, patterns: readonly string[]): Promise<string[]> {
  const root = await realPathOf(folder).catch((error: unknown) => {
    throw fileError('read', folder, error);
  });
  const unreadable = new Map<string, Error>();
  const found = await glob(patterns, {
    cwd: root,
    dot: false,
    ignore: ['**/node_modules/**', '**/.*/**'],
    expandDirectories: false,
    fs: {
      readdir: collectingUnreadable(unreadable),
      realpath: insideRoot(root),
    },
  });
  for (const [path, error] of unreadable) throw fileError('read', relative(root, path) || folder, error);
  return [...new Set(found)].filter((path) => !path.startsWith('../')).sort();
}

/** The walk passes over folders that it cannot open; this takes note of them. */
function collectingUnreadable(unreadable: Map<string, Error>): FileSystem['readdir'] {
  const list = (path: string, options: { withFileTypes: true }, done: (...result: unknown[]) => void) =>
    readdir(path, options, (error, entries) => {
      if (error && !['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error))) unreadable.set(path, error);
      done(error, entries);
    });
  return list as unknown as FileSystem['readdir'];
}

/** Links that lead out of the folder, or nowhere, are passed over. */
function insideRoot(root: string): FileSystem['realpath'] {
  const resolve = (path: string, done: (error: Error | null, real?: string) => void) =>
    realpath(path, (error, real) => {
      if (error) done(error);
      else if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
        done(new Error('outside the folder'));
      else done(null, real);
    });
  return resolve as unknown as FileSystem['realpath'];
}
