import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf, fileError } from './files.js';

/**
 * Many small files at once. Synchronous on purpose: for files of a kilobyte that takes a tenth of the time, and
 * nothing else is waiting yet. Throws `DiagnosticError`.
 */
export function readFilesSync(
  folder: string,
  files: readonly string[],
): { file: string; bytes: Uint8Array }[] {
  return files.map((file) => {
    try {
      return { file, bytes: readFileSync(join(folder, file)) };
    } catch (error) {
      throw fileError('read', join(folder, file), error, { display: file });
    }
  });
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
