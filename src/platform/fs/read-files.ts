import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import type { Unseen } from '../../model/unseen.js';
import { describeFileError, errorCodeOf } from './files.js';

/**
 * Many small files at once, and those that cannot be read. Synchronous on purpose: for files of a kilobyte that takes a
 * tenth of the time, and nothing else is waiting yet. Of a file that is too large, one byte more than is allowed is read,
 * which tells it.
 */
export function readFilesSync(
  folder: string,
  files: readonly string[],
): { read: { file: string; bytes: Uint8Array }[]; unseen: Unseen[] } {
  const read: { file: string; bytes: Uint8Array }[] = [];
  const unseen: Unseen[] = [];
  for (const file of files) {
    try {
      const bytes = readBounded(join(folder, file));
      if (bytes === undefined) unseen.push({ what: 'special', place: file });
      else read.push({ file, bytes });
    } catch (error) {
      unseen.push({ what: 'unreadable', place: file, why: describeFileError(error) });
    }
  }
  return { read, unseen };
}

/** Undefined if it is no file. A sparse file or a recording that a glob happens to match would else fill the memory. */
function readBounded(path: string): Uint8Array | undefined {
  // Without O_NONBLOCK, opening a pipe that took the place of a file would wait for its writer.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return undefined;
    if (stat.size <= MAX_FILE_BYTES) {
      const bytes = readFileSync(descriptor);
      return bytes.subarray(0, MAX_FILE_BYTES + 1);
    }
    const bytes = Buffer.allocUnsafe(MAX_FILE_BYTES + 1);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a small file at once, or undefined when there is none. Throws the file system's errors. */
export function readTextIfPresentSync(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error))) return undefined;
    throw error;
  }
}
