import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCodeOf } from './files.js';

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/**
 * The place of a file once all links are followed, also where the file, or folders above it, are not there yet: two paths to
 * one file give the same. Throws the file system's errors.
 */
export async function followLinks(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT' || dirname(path) === path || links > MOST_LINKS) throw error;
  }
  const folder = await followLinks(dirname(path), links);
  const place = join(folder, basename(path));
  const target = await readlink(place).catch(() => undefined);
  return target === undefined ? place : followLinks(resolve(folder, target), links + 1);
}
