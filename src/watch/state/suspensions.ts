import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { readForeignJson } from '../../model/foreign-json.js';
import { createParentFolder, fileError, resolveRealPath, writeFileAtomic } from '../../platform/fs/files.js';
import type { LockFile } from '../../platform/fs/lock-file.js';
import { readTextIfPresentSync } from '../../platform/fs/read-files.js';
import { takeLock } from '../../platform/fs/take-lock.js';
import { openWatcher } from '../../platform/fs/watcher.js';
import { validate } from './suspensions.schema.generated.js';

/** Targets that were suspended by a command or on the page, as opposed to in the project file. */
export interface Suspensions {
  has(target: string): boolean;
  suspend(target: string, reason?: string): Promise<void>;
  resume(target: string): Promise<void>;
  /** Sets who is told when another process suspended or resumed something. Called once. */
  onChange?(tell: () => void): void;
  close?(): Promise<void>;
}

/** One suspended target. */
export interface Suspension {
  /** ISO 8601. */
  since: string;
  reason?: string;
}

/**
 * Keeps them in `suspended.json` of a folder, which other processes may write as well: `.llmform` beside the project
 * file, or the state folder of watch. Throws `DiagnosticError` when that file cannot be understood.
 */
export async function openSuspensions(folder: string): Promise<Suspensions> {
  const path = suspensionsFile(folder);
  let known = await readSuspensions(folder);
  let tell: () => void = () => undefined;
  const refresh = () => {
    try {
      known = parse(readTextIfPresentSync(path), path);
    } catch {
      // llmform writes this file through a rename; an edit by hand may break it for a moment: the known list stays.
    }
  };
  // A change that `has` found meanwhile is still to be reported; one that was made through here is not.
  let told = JSON.stringify(known);
  const watcher = openWatcher(() => {
    refresh();
    const now = JSON.stringify(known);
    if (now !== told) tell();
    told = now;
  }, 50);
  // Where nothing can be written, nothing can be suspended from here either.
  await createParentFolder(path).catch(() => undefined);
  const root = await resolveRealPath(folder).catch(() => folder);
  await watcher.watch({ root, files: [suspensionsFile(root)], folders: [], ignore: [] });
  return {
    has(target) {
      // Read each time, since a watcher may be late: a run must not begin after the command came back.
      refresh();
      return Object.hasOwn(known, target);
    },
    async suspend(target, reason) {
      known = await suspendTarget(folder, target, reason);
      told = JSON.stringify(known);
    },
    async resume(target) {
      known = await resumeTarget(folder, target);
      told = JSON.stringify(known);
    },
    onChange: (callback) => {
      tell = callback;
    },
    close: () => watcher.close(),
  };
}

export function suspensionsFile(folder: string): string {
  return join(folder, 'suspended.json');
}

/** The suspended targets of a folder. Throws `DiagnosticError`. */
export async function readSuspensions(folder: string): Promise<Record<string, Suspension>> {
  const path = suspensionsFile(folder);
  try {
    return parse(readTextIfPresentSync(path), path);
  } catch (error) {
    throw error instanceof DiagnosticError ? error : fileError('read', path, error);
  }
}

/** Suspends a target; one that is suspended already keeps its beginning. Returns what is suspended then. */
export function suspendTarget(
  folder: string,
  target: string,
  reason?: string,
): Promise<Record<string, Suspension>> {
  return change(folder, (targets) => {
    const since = targets[target]?.since ?? new Date().toISOString();
    const said = reason ?? targets[target]?.reason;
    return { ...targets, [target]: { since, ...(said !== undefined && { reason: said }) } };
  });
}

export function resumeTarget(folder: string, target: string): Promise<Record<string, Suspension>> {
  return change(folder, ({ [target]: _, ...others }) => others);
}

type Targets = Record<string, Suspension>;

/** Reads and writes under a lock, so that of two that write at once neither is lost. */
async function change(folder: string, edit: (targets: Targets) => Targets): Promise<Targets> {
  const path = suspensionsFile(folder);
  await createParentFolder(path);
  const lock = await locked(`${path}.lock`);
  try {
    const targets = edit(await readSuspensions(folder));
    await writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, targets }, null, 2)}\n`);
    return targets;
  } finally {
    lock.release();
  }
}

async function locked(path: string): Promise<LockFile> {
  for (let tries = 0; tries < 100; tries += 1) {
    const taken = takeLock(path);
    if ('lock' in taken) return taken.lock;
    await sleep(50);
  }
  throw new DiagnosticError(
    error('file', `${path} is held by another process`, {
      detail: 'Suspending takes a moment. If no llmform suspend or resume is running, delete that file.',
      file: path,
    }),
  );
}

function parse(text: string | undefined, path: string): Targets {
  if (text === undefined) return {};
  const read = readForeignJson<{ targets: Targets }>(text, validate);
  if ('value' in read) return read.value.targets;
  throw new DiagnosticError(
    error('file', `${path} is not a list of suspended targets`, {
      detail: 'Delete it, and suspend again what should be: llmform suspend TARGET.',
      file: path,
    }),
  );
}
