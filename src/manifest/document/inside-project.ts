import { isAbsolute, relative, resolve } from 'node:path';

/**
 * Tells whether a path stays inside the project's folder, and out of its `.git`, where checkouts keep tokens. Judged by its
 * letters alone: the code that opens the file follows links, and checks them.
 */
export function isInsideProject(path: string, folder: string): boolean {
  const way = relative(folder, resolve(folder, path));
  if (/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(way)) return false;
  return way !== '' && way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}
