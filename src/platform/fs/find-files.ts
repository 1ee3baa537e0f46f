import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import type { Glob } from '../../model/glob.js';
import { type GlobWalk, isLeftOut, walkGlobs } from '../../model/glob-walk.js';
import type { Unseen } from '../../model/unseen.js';
import { describeFileError, errorCodeOf, fileError } from './files.js';
import { isInsideFolder } from './inside-folder.js';

/** The files of a folder that match, and what kept more of them from being found. */
export interface FoundFiles {
  /** Relative to the folder with `/`, sorted. */
  files: string[];
  unseen: Unseen[];
  /** Positions of patterns that matched something. */
  matched: ReadonlySet<number>;
  /** Folders without anything in them, in which something could match. */
  empty: string[];
  /** Lists of submodules (`.gitmodules`) on the way. */
  moduleLists: string[];
}

/**
 * The files that match. Names that begin with a dot and node_modules are left out. A link is followed as long as it stays
 * inside `folder`; what lies behind another one, or cannot be read, is told as not seen.
 */
export async function findFiles(folder: string, globs: readonly Glob[]): Promise<FoundFiles> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw fileError('read', folder, error);
  });
  const search: Search = {
    root,
    found: { files: [], unseen: [], matched: new Set(), empty: [], moduleLists: [] },
    matched: new Set(),
    folders: 0,
  };
  await searchFolder(search, { path: '', real: root, walk: walkGlobs(globs), above: [] });
  const { files, unseen, empty, moduleLists } = search.found;
  return {
    files: files.sort(),
    unseen: unseen.sort((a, b) => (a.place < b.place ? -1 : 1)),
    matched: search.matched,
    empty,
    moduleLists,
  };
}

interface Search {
  root: string;
  found: FoundFiles;
  matched: Set<number>;
  folders: number;
}

interface Folder {
  /** Relative to the root, with `/`; empty for the root. */
  path: string;
  real: string;
  walk: GlobWalk;
  /** The real paths of the folders that it was reached through. */
  above: readonly string[];
}

/** Links to folders that hold links multiply: a handful of them can make a walk without an end. */
const MOST_FOLDERS = 100_000;

async function searchFolder(search: Search, folder: Folder): Promise<void> {
  const { root, found } = search;
  let entries: Dirent[];
  try {
    entries = await readdir(folder.real, { withFileTypes: true });
  } catch (fault) {
    // Gone since it was listed: then it is absent, and was seen to be.
    if (['ENOENT', 'ENOTDIR'].includes(errorCodeOf(fault))) return;
    if (folder.path === '') throw fileError('read', root, fault);
    found.unseen.push({ what: 'unreadable', place: folder.path, why: describeFileError(fault) });
    return;
  }
  if (entries.length === 0 && folder.path !== '') found.empty.push(folder.path);
  for (const entry of entries) {
    const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
    if (entry.name === '.gitmodules') found.moduleLists.push(path);
    if (isLeftOut(entry.name)) continue;
    const walk = folder.walk.enter(entry.name);
    const real = join(folder.real, entry.name);
    if (entry.isSymbolicLink()) await followLink(search, folder, { path, real, walk });
    else if (entry.isDirectory()) await enterFolder(search, folder, { path, real, walk });
    else takeFile(search, { path, walk }, entry.isFile());
  }
}

interface Entry {
  path: string;
  real: string;
  walk: GlobWalk;
}

async function enterFolder(search: Search, from: Folder, entry: Entry): Promise<void> {
  if (!entry.walk.leadsOn()) return;
  search.folders += 1;
  if (search.folders > MOST_FOLDERS) throw tooManyFolders(entry.path);
  await searchFolder(search, { ...entry, above: [...from.above, from.real] });
}

function takeFile({ found, matched }: Search, { path, walk }: Omit<Entry, 'real'>, isFile: boolean): void {
  const patterns = walk.matched();
  if (patterns.length === 0) return;
  if (isFile) found.files.push(path);
  else found.unseen.push({ what: 'special', place: path });
  for (const one of patterns) matched.add(one);
}

async function followLink(search: Search, from: Folder, entry: Entry): Promise<void> {
  const { path, walk } = entry;
  const { unseen } = search.found;
  // It may be a file that matches, or a folder with such files.
  if ((walk.matched().length === 0 && !walk.leadsOn()) || walk.excluded()) return;
  let real: string;
  let target: { isFile(): boolean; isDirectory(): boolean };
  try {
    real = await realpath(entry.real);
    target = await stat(real);
  } catch (fault) {
    const code = errorCodeOf(fault);
    if (code === 'ENOENT' || code === 'ENOTDIR') unseen.push({ what: 'link', place: path, leads: 'nowhere' });
    else if (code === 'ELOOP') unseen.push({ what: 'link', place: path, leads: 'in-circles' });
    else unseen.push({ what: 'unreadable', place: path, why: describeFileError(fault) });
    return;
  }
  const matters = target.isDirectory() ? walk.leadsOn() : walk.matched().length > 0;
  if (!matters) return;
  if (!isInsideFolder(real, search.root)) {
    unseen.push({ what: 'link', place: path, leads: 'outside' });
    return;
  }
  if (!target.isDirectory()) {
    takeFile(search, entry, target.isFile());
    return;
  }
  if ([...from.above, from.real].includes(real)) {
    unseen.push({ what: 'link', place: path, leads: 'in-circles' });
    return;
  }
  await enterFolder(search, from, { ...entry, real });
}

function tooManyFolders(path: string): DiagnosticError {
  return new DiagnosticError(
    error('file', `the patterns under "manifests" lead through more than ${MOST_FOLDERS} folders`, {
      detail:
        'Begin them with the folder that the manifests are in. Links to folders that hold links multiply: remove some.',
      file: path,
    }),
  );
}
