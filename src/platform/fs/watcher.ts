import { basename, dirname, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { errorCodeOf } from './files.js';

/** The watched paths. All are absolute and without links in them. */
export interface WatchedPaths {
  /** Single files, there already or not. */
  files: readonly string[];
  /** Folders with all that is in them, there already or not. */
  folders: readonly string[];
  /** The folder that each of the folders lies in; it is there. */
  root: string;
  /** Files that begin like this are passed over. */
  ignore: readonly string[];
}

export interface Watcher {
  /** Looks at this from now on, in place of what it looked at before. Resolves once nothing is missed any more. */
  watch(what: WatchedPaths): Promise<void>;
  close(): Promise<void>;
}

/**
 * Calls back once things have been quiet for a moment after something moved. It looks at folders, never at a single
 * file, because editors put a new file in the place of the old one. Links are not followed but watched themselves, by
 * where they lead: Kubernetes updates a mounted ConfigMap by moving one link, behind which all others stand. Where the
 * system has no watches left, it polls.
 */
export function openWatcher(onQuiet: () => void, quietMs = 200): Watcher {
  let current: { key: string; watching: FSWatcher } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let polling = false;
  let closed = false;

  function moved(): void {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(onQuiet, quietMs);
  }

  async function watch(what: WatchedPaths): Promise<void> {
    const key = JSON.stringify([what, polling]);
    if (closed || current?.key === key) return;
    await current?.watching.close();
    const { watch: open } = await import('chokidar');
    const elsewhere = what.files.map((file) => dirname(file)).filter((one) => !isWithin(one, what.root));
    const folders = [what.root, ...elsewhere];
    const watching = open([...new Set(folders)], {
      ignored: (path) => !concerns(path, what),
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      atomic: false,
      usePolling: polling,
      interval: POLL_MS,
    });
    current = { key, watching };
    watching.on('all', moved);
    await new Promise<void>((resolve) => {
      watching.once('ready', resolve);
      watching.on('error', (error) => {
        if (polling || !OUT_OF_WATCHES.has(errorCodeOf(error))) return moved();
        polling = true;
        void watch(what).then(resolve);
      });
    });
    if (closed) await watching.close();
  }

  return {
    watch,
    async close() {
      closed = true;
      clearTimeout(timer);
      await current?.watching.close();
    },
  };
}

const POLL_MS = 2000;
const OUT_OF_WATCHES: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

function concerns(path: string, { files, folders, root, ignore }: WatchedPaths): boolean {
  if (path === root || files.includes(path)) return true;
  if (ignore.some((start) => path.startsWith(start))) return false;
  const within = folders.some((folder) => isWithin(path, folder));
  if (within) return !/^\.|^node_modules$|~$/.test(basename(path));
  return [...files, ...folders].some((wanted) => wanted.startsWith(path + sep));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
