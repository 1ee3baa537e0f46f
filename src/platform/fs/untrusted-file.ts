import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { fileError } from './files.js';

/**
 * The bytes of a file that a stranger wrote: of the path itself, or of the one file in the folder that it names. No link
 * is followed. Throws `DiagnosticError`, also where there are more bytes than `limit` or other files beside it.
 */
export async function readUntrustedFile(path: string, limit: number, display = path): Promise<Uint8Array> {
  try {
    const place = (await lstat(path)).isDirectory()
      ? join(path, onlyName(await readdir(path), display))
      : path;
    const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file
        .stat()
        .then((stat) => (stat.isFile() ? stat : Promise.reject(notAFile(display))));
      if (size > limit) throw refusal(display, `it holds ${size} bytes, and at most ${limit} are read`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof DiagnosticError ? error : fileError('read', path, error, { display });
  }
}

function onlyName(names: readonly string[], display: string): string {
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw refusal(display, `it is a folder with ${names.length} files in place of one`);
  }
  return name;
}

function notAFile(display: string): DiagnosticError {
  return refusal(display, 'it is not a file');
}

function refusal(display: string, why: string): DiagnosticError {
  return new DiagnosticError(error('file', `${display} is not read: ${why}`));
}
