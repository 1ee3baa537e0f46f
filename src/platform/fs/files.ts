import { constants } from 'node:fs';
import { mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DiagnosticCode, DiagnosticError, error } from '../../model/diagnostic.js';
import { MAX_FILE_BYTES } from '../../model/file-limit.js';
import { removeLeftovers, temporaryPath } from './temporary-file.js';

/** The name of a file in messages, and their code. */
export interface FileLabel {
  /** The path as the user knows it; the path itself when left out. */
  display?: string;
  code?: DiagnosticCode;
}

/** The bytes of a file. Throws `DiagnosticError`. */
export async function readBytes(path: string, terms: FileLabel = {}): Promise<Buffer> {
  try {
    return await readWhole(path, terms);
  } catch (error) {
    throw fileError('read', path, error, terms);
  }
}

/**
 * The bytes of a file of the project: of one that is too large, one byte more than is allowed, which tells it. Throws
 * `DiagnosticError`.
 */
export async function readBoundedBytes(path: string, terms: FileLabel = {}): Promise<Buffer> {
  const bytes = await readBoundedBytesIfPresent(path, terms);
  if (bytes === undefined)
    throw fileError('read', path, Object.assign(new Error(), { code: 'ENOENT' }), terms);
  return bytes;
}

/** The same, or undefined when there is no such file. */
export async function readBoundedBytesIfPresent(
  path: string,
  terms: FileLabel = {},
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    const file = await open(path);
    // `end` is inclusive. A stream also ends where a file grows faster than it is read.
    for await (const chunk of file.createReadStream({ end: MAX_FILE_BYTES })) chunks.push(chunk as Buffer);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error, terms);
  }
  return Buffer.concat(chunks);
}

/** Where a path leads once all links are followed. Throws the file system's errors. */
export function resolveRealPath(path: string): Promise<string> {
  return realpath(path);
}

/** The text of a file, or undefined when there is none. Throws `DiagnosticError` when it cannot be read. */
export async function readTextIfPresent(path: string, terms: FileLabel = {}): Promise<string | undefined> {
  return (await readBytesIfPresent(path, terms))?.toString('utf8');
}

/** The bytes of a file, or undefined when there is none. Throws `DiagnosticError` when it cannot be read. */
export async function readBytesIfPresent(path: string, terms: FileLabel = {}): Promise<Buffer | undefined> {
  try {
    return await readWhole(path, terms);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', path, error, terms);
  }
}

/** A ledger of 100,000 objects is far smaller. A larger file would be read into memory before anything is wrong with it. */
const MOST_BYTES = 256 * 1024 * 1024;

async function readWhole(path: string, { display = path, code = 'file' }: FileLabel): Promise<Buffer> {
  const { size } = await stat(path);
  if (size <= MOST_BYTES) return readFile(path);
  const summary = `${display} is larger than ${MOST_BYTES / 1024 / 1024} MiB`;
  throw new DiagnosticError(error(code, summary, { file: display }));
}

/** Makes the folder that is to hold a file. Throws `DiagnosticError`. */
export async function createParentFolder(path: string, terms: FileLabel = {}): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw fileError('write', path, error, terms);
  }
}

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, also after a crash or a power cut. Temporary
 * files of killed processes are removed. `mode` applies to a new file and to an existing one. Throws
 * `DiagnosticError`.
 */
export async function writeFileAtomic(
  path: string,
  text: string,
  { mode = 0o644, ...terms }: FileLabel & { mode?: number } = {},
): Promise<void> {
  // Renaming over a symbolic link would replace the link and leave what it points to behind.
  const target = await realpath(path).catch(() => path);
  if (await isSpecial(target)) return writeThrough(target, text, { display: path, ...terms });
  const temporary = temporaryPath(target);
  removeLeftovers(target);
  try {
    await writeDurably(temporary, text, mode);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error, terms);
  }
}

/** A pipe or a device, such as `/dev/stdout`, is written to: a file in its place would break it for everything else. */
async function writeThrough(path: string, text: string, terms: FileLabel): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw fileError('write', path, error, terms);
  }
}

async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Why a file operation failed, in plain words. */
export function describeFileError(error: unknown): string {
  return describeErrorCode(errorCodeOf(error));
}

/** The same for the system's name of an error, such as `ENOSPC`. */
export function describeErrorCode(code: string): string {
  return REASONS[code] ?? (code || 'for an unknown reason');
}

/** The system's name of an error, such as `ENOENT`; empty for other errors. */
export function errorCodeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** A failed file operation as a diagnostic. */
export function fileError(
  verb: 'read' | 'write',
  path: string,
  fault: unknown,
  { display = path, code = 'file' }: FileLabel = {},
): DiagnosticError {
  if (fault instanceof DiagnosticError) return fault;
  const done = verb === 'read' ? 'cannot be read' : 'cannot be written';
  return new DiagnosticError(
    error(code, `${display} ${done}: ${describeFileError(fault)}`, { file: display }),
  );
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. Some systems cannot sync a folder; the file is whole there all the same. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'something else is in its place',
  ENOSPC: 'no space left on the device',
  EFBIG: 'it would be larger than this process may write',
  EPIPE: 'its reader went away',
  EIO: 'the device failed',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
  ELOOP: 'its symbolic links go in circles',
  ENAMETOOLONG: 'its name is too long',
  EADDRINUSE: 'something else listens there',
};
