import { createHash } from 'node:crypto';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { findCommit, findCommittedVersions, findTips, isTracked } from '../ledger/git/versions.js';
import { readSeenLedgers, type SeenLedgers, withVersion, writeSeenLedgers } from '../ledger/memory.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerPlace, Project } from '../model/project.js';
import { mayBeInRepository } from '../platform/git/find-repository.js';
import { type Git, GitError, openGit } from '../platform/git/git.js';
import { pathInProject } from './ledger-place.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface SeenSettings {
  env: Env;
  /** The folder for what outlives a run, where the project's own place does not: watch has one. */
  stateFolder?: string | undefined;
}

/** The ledgers of the project that this clone has seen, in its runs and in its commits. */
export interface Sightings extends Pick<SeenLedgers, 'seen'> {
  /** The place that was used last, and the lineage there; undefined for the first run in this clone. */
  last: Pick<SeenLedgers, 'place' | 'lineage'> | undefined;
  /** The file that it is kept in; undefined where there is no place for it. */
  file: string | undefined;
  scanned: string[];
  /** Git tracks the file of the ledger. */
  tracked: boolean;
}

/**
 * Reads what was seen, and looks through the commits that are new since. A ledger on a ref that is not `there` has none:
 * the commit that was fetched last is of another ref.
 */
export async function findSightings(
  project: Project,
  settings: SeenSettings,
  there: boolean,
): Promise<Sightings> {
  const git = mayBeInRepository(project.folder, settings.env)
    ? openGit(project.folder, settings.env)
    : undefined;
  const file = await findMemoryFile(project, settings, git);
  const known = file === undefined ? undefined : await readSeenLedgers(file);
  const { seen = {}, scanned = [] } = known ?? {};
  const here = { last: known, file };
  if (git === undefined) return { ...here, seen, scanned, tracked: false };
  const tracked = await isTrackedLedger(git, project);
  // A file that is gone may have been tracked until now.
  const looks = project.ledger.type === 'git' ? there : tracked || !there;
  if (!looks) return { ...here, seen, scanned, tracked };
  const same = known !== undefined && JSON.stringify(known.place) === JSON.stringify(project.ledger);
  return { ...here, tracked, ...(await scanCommits(git, project, seen, same ? scanned : [])) };
}

async function isTrackedLedger(git: Git, { folder, ledger }: Project): Promise<boolean> {
  return ledger.type === 'file' && (await isTracked(git, pathInProject(folder, ledger.path)));
}

/** The place that this clone used last. */
export async function findLastPlace(
  project: Project,
  settings: SeenSettings,
): Promise<LedgerPlace | undefined> {
  const git = mayBeInRepository(project.folder, settings.env)
    ? openGit(project.folder, settings.env)
    : undefined;
  const file = await findMemoryFile(project, settings, git);
  return file === undefined ? undefined : (await readSeenLedgers(file))?.place;
}

/** Remembers a ledger as it is used now, or as it was left. */
export async function rememberLedger(
  { ledger: place }: Project,
  { lineage, serial, salt }: Ledger,
  { file, seen, scanned }: Sightings,
): Promise<void> {
  if (file === undefined) return;
  const versions = withVersion(seen, lineage, { serial, salt });
  await writeSeenLedgers(file, { place, lineage, seen: versions, scanned });
}

async function scanCommits(
  git: Git,
  { folder, ledger }: Project,
  seen: SeenLedgers['seen'],
  known: readonly string[],
): Promise<Pick<SeenLedgers, 'seen' | 'scanned'>> {
  const pathspec =
    ledger.type === 'file'
      ? `:(literal)${pathInProject(folder, ledger.path)}`
      : `:(top,literal)${ledger.path}`;
  // The ledger has just been read, which brought its ref's commits here.
  const own =
    ledger.type === 'file' ? await findTips(git) : [await findCommit(git, 'refs/llmform-seen/latest')];
  const tips = own.filter((tip) => tip !== undefined);
  if (tips.length === 0 || tips.every((tip) => known.includes(tip))) return { seen, scanned: tips };
  const versions = await findCommittedVersions(git, { pathspec, tips, known });
  const all = versions.reduce((found, { lineage, ...version }) => withVersion(found, lineage, version), seen);
  return { seen: all, scanned: tips };
}

/**
 * In the clone's own folder, which its commits do not change and a pull request cannot write to; else in the folder for
 * state of the daemon, or of the user.
 */
async function findMemoryFile(
  { folder, file, name }: Project,
  { env, stateFolder }: SeenSettings,
  git: Git | undefined,
): Promise<string | undefined> {
  if (stateFolder !== undefined) return join(stateFolder, 'seen', fileName(name, file));
  const repository = git === undefined ? undefined : await findRepository(git, folder);
  if (repository !== undefined) {
    const place = relative(repository.top, join(folder, file));
    return join(repository.gitFolder, 'llmform', 'seen', fileName(place));
  }
  const home = env.XDG_STATE_HOME ?? (env.HOME && join(env.HOME, '.local', 'state')) ?? env.LOCALAPPDATA;
  if (home === undefined || !isAbsolute(home)) return undefined;
  return join(home, 'llmform', 'seen', fileName(join(folder, file)));
}

async function findRepository(
  git: Git,
  folder: string,
): Promise<{ gitFolder: string; top: string } | undefined> {
  try {
    const [gitFolder = '', top = ''] = (
      await git.run(['rev-parse', '--git-common-dir', '--show-toplevel'])
    ).split('\n');
    return { gitFolder: resolve(folder, gitFolder), top };
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function fileName(...parts: readonly string[]): string {
  return `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)}.json`;
}
