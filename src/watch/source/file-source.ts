import { createHash, type Hash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { readProject } from '../../manifest/project/read-project.js';
import type { Project } from '../../model/project.js';
import { readBoundedBytes, resolveRealPath } from '../../platform/fs/files.js';
import { findFiles } from '../../platform/fs/find-files.js';
import { openWatcher, type WatchedPaths } from '../../platform/fs/watcher.js';
import { parseGlobs } from '../../usecases/find-manifests.js';
import { vendors } from '../../vendors/index.generated.js';
import type { Trigger } from '../state/model.js';
import type { ProjectSource, Snapshot } from './source.js';

export interface FileSourceOptions {
  /** The quiet time before a change is reported. */
  quietMs?: number;
  rescanMs?: number;
  /** Where a ledger that is a file lives, if not in the project. */
  ledgerFolder?: string;
}

/**
 * A folder on this machine: the project file, the manifests that its globs find, and the certificates that it names. A
 * change is told when the text of one of them is another one, so that a file that was only touched, or that something
 * else wrote beside them, sets nothing off. What the system fails to report is found by looking again now and then.
 */
export function openFileSource(
  cwd: string,
  config: string,
  { quietMs = 200, rescanMs = 60_000, ledgerFolder }: FileSourceOptions = {},
): ProjectSource {
  const path = resolve(cwd, config);
  const snapshot: Snapshot = { cwd, config, place: dirname(path), ...(ledgerFolder && { ledgerFolder }) };
  const watcher = openWatcher(look, quietMs);
  let tell: (trigger: Trigger) => void = () => undefined;
  let known: Sight | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;
  const timer = setInterval(look, rescanMs);
  timer.unref();

  function look(): void {
    looking = looking.then(async () => {
      if (known === undefined || closed) return;
      const before = known.stamp;
      await see();
      if (known.stamp !== before && !closed) tell('files');
    });
  }

  async function see(): Promise<void> {
    // Twice: what moves between the first look and the moment that the watcher is ready would be missed.
    const first = await sightOf(path, known);
    await watcher.watch(first.watched);
    known = await sightOf(path, first);
  }

  return {
    async load() {
      looking = looking.then(see);
      await looking;
      return snapshot;
    },
    onChange: (callback) => {
      tell = callback;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await watcher.close();
      await looking;
    },
  };
}

/** The files of a project: a hash of them all, and the paths to watch. */
interface Sight {
  stamp: string;
  watched: WatchedPaths;
  project: Project | undefined;
}

/** The project is only looked at, and may name any file. While its file cannot be read, the globs that it had before count. Never throws. */
async function sightOf(path: string, before: Sight | undefined): Promise<Sight> {
  const folder = await resolveRealPath(dirname(path)).catch(() => dirname(path));
  const file = join(folder, basename(path));
  const hash = createHash('sha256');
  const bytes = await readInto(hash, file);
  const read = bytes && readProject(bytes, { file: basename(path), folder, allowedFiles: ['/'] }, vendors);
  const project = read?.project ?? before?.project;
  const found = await findFiles(folder, parseGlobs(project?.manifests ?? [])).then(
    ({ files, unseen }) => {
      // A link that is mended, or a folder that can be read again, is a change as well.
      hash.update(JSON.stringify(unseen));
      return files;
    },
    (error: Error) => {
      hash.update(error.message);
      return [];
    },
  );
  const single = [file, ...(project?.targets.flatMap(({ caFile }) => caFile ?? []) ?? [])];
  const manifests = found.map((name) => join(folder, name));
  for (const one of [...single.slice(1), ...manifests]) await readInto(hash, one);
  const real = await Promise.all(
    [...single, ...manifests].map((one) => resolveRealPath(one).catch(() => one)),
  );
  const linked = real.filter((one) => !manifests.includes(one));
  const watched = {
    root: folder,
    files: [...new Set([...single, ...linked])].sort(),
    folders: [...new Set(project?.manifests.map((glob) => join(folder, folderOf(glob))) ?? [])],
    ignore: project?.ledger.type === 'file' ? [resolve(folder, project.ledger.path)] : [],
  };
  return { stamp: hash.digest('hex'), project, watched };
}

/** Adds a file's name and text, or why there is none, to what is hashed. */
async function readInto(hash: Hash, file: string): Promise<Buffer | undefined> {
  hash.update(`\0${file}\0`);
  try {
    const bytes = await readBoundedBytes(file);
    hash.update(bytes);
    return bytes;
  } catch (error) {
    hash.update(String(error));
    return undefined;
  }
}

/** The part of a glob before its first wildcard: `llms` of `llms/**\/*.yaml`. */
function folderOf(glob: string): string {
  const parts = glob.split('/');
  const open = parts.findIndex((part) => /[*?[\]{}()!+@]/.test(part));
  return parts.slice(0, open < 0 ? -1 : open).join('/');
}
