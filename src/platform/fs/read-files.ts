import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import { errorCodeOf, fileError } from './files.js';

/**
 * The bytes of one of many small files. Synchronous on purpose: for files of a kilobyte that takes a tenth of the time, and
 * nothing else is waiting yet. Of a file that is too large, one byte more than is allowed is read, which tells it.
 * Throws `DiagnosticError`.
 */
export function readBoundedSync(folder: string, file: string): Uint8Array {
  const path = join(folder, file);
  try {
    return readBounded(path);
  } catch (error) {
    throw fileError('read', path, error, { display: file });
  }
}

/** A sparse file or a recording that a glob happens to match would else fill the memory. */
function readBounded(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size <= MAX_FILE_BYTES) {
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
