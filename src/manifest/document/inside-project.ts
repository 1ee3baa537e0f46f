import { isAbsolute, relative, resolve } from 'node:path';
import type { Project } from '../../model/project.js';

/**
 * Tells whether a path stays inside the project's folder, and out of its `.git`, where checkouts keep tokens. Judged by its
 * letters alone: the code that opens the file follows links, and checks them.
 */
export function isInsideProject(path: string, folder: string): boolean {
  return !liesInGit(path, folder) && isBelow(path, folder);
}

/** Tells whether a reference may name a file: one of the project, or one that the operator allows. */
export function mayName(path: string, { folder, allowedFiles = [] }: Readable): boolean {
  if (liesInGit(path, folder)) return false;
  const full = resolve(folder, path);
  return isBelow(path, folder) || allowedFiles.some((one) => full === resolve(one) || isBelow(full, one));
}

export type Readable = Pick<Project, 'folder' | 'allowedFiles'>;

export function liesInGit(path: string, folder: string): boolean {
  return (
    isBelow(path, folder) && /(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(folder, resolve(folder, path)))
  );
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, resolve(folder, path));
  return way !== '' && way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}
