import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { FETCH_LFS, isLfsPointer } from '../../model/lfs-pointer.js';
import { describeFileError, errorCodeOf } from '../fs/files.js';

/** The most that is read at all; the limit of a secret is lower. */
const MAX_BYTES = 64 * 1024;

/** The files that a reference may name: those of the project, and what the operator allows. */
export interface ReadableFiles {
  folder: string;
  /** Absolute files and folders. */
  allowed: readonly string[];
}

/** A secret kept in a file, and whether that is the project's own. Throws `DiagnosticError` with code `secret`. */
export async function readSecretFile(
  path: string,
  { folder, allowed }: ReadableFiles,
): Promise<{ value: string; ofProject: boolean }> {
  const named = `the secret file ${path}`;
  const root = await realpath(folder);
  const real = await realpath(resolve(root, path)).catch((error: unknown) => {
    throw failure(`${named} cannot be read: ${describeFileError(error)}`);
  });
  // Compared after links are followed: a link is an easy way out of the project.
  const ofProject = isBelow(real, root);
  if (!ofProject && !(await isAllowed(real, allowed))) {
    throw failure(
      `${named} is outside the project`,
      'It leads out of the folder of the project file. Allow the place that it leads to from outside the project, with --allow-file or LLMFORM_ALLOWED_FILES, or use fromEnv or fromCommand.',
    );
  }
  // In CI it holds the token that the checkout was made with, and a pull request may name any file.
  if (ofProject && relative(root, real).split(sep).includes('.git')) {
    throw failure(`${named} is git's own, and no file of the project`);
  }
  const bytes = await readSmallFile(real, named);
  return { value: checked(bytes, named), ofProject };
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** An allowed place may be a link itself, as /var/run/secrets is. */
async function isAllowed(real: string, allowed: readonly string[]): Promise<boolean> {
  const places = await Promise.all(allowed.map((one) => realpath(one).catch(() => one)));
  return places.some((place) => real === place || isBelow(real, place));
}

/** A file of the folder where the service manager puts credentials; undefined where it has none of that name. */
export async function readSystemdCredential(name: string, folder: string): Promise<string | undefined> {
  const path = join(folder, name);
  if (!(await stat(path).catch(() => undefined))) return undefined;
  const named = `the credential ${name}`;
  return checked(await readSmallFile(path, named), named);
}

/** The output of a program. Messages name neither its arguments nor its output, which may hold secrets. */
export async function runSecretCommand(
  argv: readonly string[],
  {
    folder,
    env,
    timeoutMs,
  }: { folder: string; env: Readonly<Record<string, string | undefined>>; timeoutMs: number },
): Promise<string> {
  const [program = '', ...args] = argv;
  const named = `the secret command ${program}`;
  if (program === '') throw failure('a secret command needs the name of a program');
  const { execa } = await import('execa');
  const running = execa(program, args, {
    cwd: folder,
    env,
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    forceKillAfterDelay: 1_000,
    maxBuffer: MAX_BYTES,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    running.kill();
    // Something that the command started may outlive it and keep this open: do not wait for that.
    running.stdout.destroy();
  }, timeoutMs);
  const result = await running;
  clearTimeout(timer);
  if (late) throw failure(`${named} did not finish within ${timeoutMs / 1000} s`);
  if (result.isMaxBuffer) throw failure(`${named} prints more than ${MAX_BYTES / 1024} KiB`);
  if (result.exitCode !== undefined && result.exitCode !== 0) {
    throw failure(`${named} failed with exit code ${result.exitCode}`, `Run it in ${folder} to see why.`);
  }
  if (result.signal !== undefined) throw failure(`${named} was ended by ${result.signal}`);
  if (result.failed) throw failure(`${named} cannot be run: ${startReason(result.cause)}`);
  return checked(Buffer.from(result.stdout), named);
}

async function readSmallFile(path: string, named: string): Promise<Buffer> {
  // Without O_NONBLOCK, opening a named pipe would wait for ever for someone to write to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw failure(`${named} cannot be read: ${describeFileError(error)}`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw failure(`${named} is not a regular file`);
    if (stat.size > MAX_BYTES) throw failure(`${named} is larger than ${MAX_BYTES / 1024} KiB`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** One line end at the end is dropped: editors, `echo` and what is pasted add it, and no vendor wants it. */
export function dropLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function checked(bytes: Buffer, named: string): string {
  let text: string;
  try {
    text = dropLineEnd(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw failure(`${named} does not hold text in UTF-8`);
  }
  if (isLfsPointer(`${text}\n`)) throw failure(`${named} is a Git LFS pointer`, FETCH_LFS);
  if (text === '') throw failure(`${named} is empty`, 'It gives no value to send.');
  return text;
}

function startReason(cause: unknown): string {
  return errorCodeOf(cause) === 'ENOENT' ? 'there is no such program' : describeFileError(cause);
}

function failure(summary: string, detail?: string): DiagnosticError {
  return new DiagnosticError(error('secret', summary, { detail }));
}
