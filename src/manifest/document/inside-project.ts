import { isAbsolute, relative, resolve } from 'node:path';

/**
 * Does a path stay inside the project's folder, and out of its `.git`, where checkouts keep tokens? Judged by its letters alone; links are followed, and checked, by
 * whoever opens the file.
 */
export function isInsideProject(path: string, folder: string): boolean {
  const way = relative(folder, resolve(folder, path));
  if (/(?:^|[\\/])\.git(?:[\\/]|$)/i.test(way)) return false;
  return way !== '' && way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}
