import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { errorCodeOf, type FileLabel, fileError } from './files.js';

/**
 * Adds whole lines to a file, which only its owner may read. A line that a crash cut off is ended first. No link is followed:
 * the file may come from a repository. Throws `DiagnosticError`.
 */
export async function appendLines(path: string, text: string, terms: FileLabel = {}): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, APPEND, 0o600);
    const { size } = await file.stat().then((found) => {
      if (found.isFile()) return found;
      throw Object.assign(new Error('not a file'), { code: 'EEXIST' });
    });
    const torn = size > 0 && (await lastByte(file, size)) !== NEWLINE;
    await file.appendFile(torn ? `\n${text}` : text);
  } catch (error) {
    throw fileError('write', path, error, terms);
  } finally {
    await file?.close();
  }
}

/** Moves a file out of the way once it is larger than `limit` bytes. What had that name is gone then. */
export async function rotateFile(path: string, older: string, limit: number): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  });
  if (found === undefined || found.size <= limit) return;
  await rename(path, older).catch((error: unknown) => {
    throw fileError('write', older, error);
  });
}

const APPEND =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const NEWLINE = 0x0a;

async function lastByte(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0];
}
