import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import type { Unseen } from '../../model/unseen.js';
import { describeFileError, errorCodeOf } from './files.js';

/**
/**
 * The bytes of one of many small files, or why it cannot be read. Synchronous on purpose: for files of a kilobyte that takes
 * a tenth of the time, and nothing else is waiting yet. Of a file that is too large, one byte more than is allowed is read,
 * which tells it.
 */
export function readBoundedSync(folder: string, file: string): { bytes: Uint8Array } | { unseen: Unseen } {
  try {
    const bytes = readBounded(join(folder, file));
    return bytes === undefined ? { unseen: { what: 'special', place: file } } : { bytes };
  } catch (error) {
    return { unseen: { what: 'unreadable', place: file, why: describeFileError(error) } };
  }
}

/** Most files fit into it. It saves asking for the size of each, and memory of its own for each. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Undefined if it is no file. */
function readBounded(path: string): Uint8Array | undefined {
  // Without O_NONBLOCK, opening a pipe that took the place of a file would wait for its writer.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const length = fill(scratch, descriptor);
    if (length === 0 && !fstatSync(descriptor).isFile()) return undefined;
    return length < scratch.length ? Buffer.from(scratch.subarray(0, length)) : readLarge(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A sparse file or a recording that a glob happens to match would else fill the memory. */
function readLarge(descriptor: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(Math.min(fstatSync(descriptor).size, MAX_FILE_BYTES) + 1);
  return bytes.subarray(0, fill(bytes, descriptor));
}

/** Reads from the start of a file to its end, or until nothing more fits in. Returns the number of bytes. */
function fill(bytes: Buffer, descriptor: number): number {
  let length = 0;
  while (length < bytes.length) {
    const more = readSync(descriptor, bytes, length, bytes.length - length, length);
    if (more === 0) break;
    length += more;
  }
  return length;
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
