import { posix } from 'node:path';
import type { History, HistoryChange, HistoryRun } from '../../model/history.js';
import { onOneLine } from '../../model/text.js';
import type { Git } from '../../platform/git/git.js';
import { readBlobs, type TreeFile } from '../../platform/git/tree.js';
import { formatRun, newestFirst, parseRun } from '../history/history-format.js';
import type { ChangedFile } from './commit.js';
import type { GitPlace } from './place.js';

/** The history of a ledger on a ref: a file for each run beside the ledger, in a folder for each month. */
export interface HistoryFiles {
  record(run: HistoryRun, changes: readonly HistoryChange[]): void;
  /** The files of the runs that were recorded, and those that have to go for them. */
  files(): Promise<ChangedFile[]>;
  /** A commit's message that also says who is at work, and from which commit of the manifests. */
  withTrailers(message: string): string;
}

/** As many runs are kept in the tree: every clone fetches all of it. The ref's commits still hold the older ones. */
const MOST_FILES = 1000;

/** @param base the commit that the new one stands on */
export function openHistoryFiles(git: Git, place: GitPlace, base: string | undefined): HistoryFiles {
  const runs = new Map<string, { run: HistoryRun; changes: Map<string, HistoryChange> }>();
  let known: Promise<string[]> | undefined;
  return {
    record(run, changes) {
      const one = runs.get(run.runId) ?? { run, changes: new Map<string, HistoryChange>() };
      runs.set(run.runId, one);
      for (const change of changes) one.changes.set(change.address, change);
    },
    async files() {
      const written = [...runs.values()].flatMap(({ run, changes }): ChangedFile[] => {
        const [first] = changes.values();
        if (first === undefined) return [];
        return [{ path: pathOf(place, run, first), text: formatRun(run, [...changes.values()]) }];
      });
      if (written.length === 0) return [];
      known ??= listFiles(git, base, place).then((files) => files.map(({ path }) => path).sort());
      const before = await known;
      const surplus = Math.max(0, before.length + written.length - MOST_FILES);
      return [...before.slice(0, surplus).map((path) => ({ path })), ...written];
    },
    withTrailers(message) {
      const lines = new Set([...runs.values()].flatMap(({ run }) => trailersOf(run)));
      return lines.size === 0 ? message : `${message.trimEnd()}\n\n${[...lines].join('\n')}\n`;
    },
  };
}

/** The history in a commit. Throws `GitError`. */
export async function readHistoryFiles(
  git: Git,
  commit: string | undefined,
  place: GitPlace,
): Promise<History> {
  const files = (await listFiles(git, commit, place)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const texts = await readBlobs(git, files);
  const history: History = { entries: [], damaged: [] };
  for (const [i, { path }] of files.entries()) {
    const entries = parseRun(new TextDecoder().decode(texts[i]));
    if (entries === undefined) history.damaged.push(`${place.ref}:${path}`);
    else history.entries.push(...entries);
  }
  return { ...history, entries: newestFirst(history.entries) };
}

/** `ledger.json` has `history/` beside it; another ledger on the same ref has `history/NAME/`. */
function folderOf({ path }: GitPlace): string {
  const name = posix.basename(path, '.json');
  const folder = posix.join(posix.dirname(path), 'history');
  return name === 'ledger' ? folder : posix.join(folder, name);
}

function pathOf(place: GitPlace, { runId }: HistoryRun, { at }: HistoryChange): string {
  const [month, rest] = [at.slice(0, 7), at.slice(8).replaceAll(/[:.]/g, '')];
  return posix.join(folderOf(place), month, `${rest}-${runId.slice(0, 8)}.json`);
}

/** The files of one ledger's own runs. */
async function listFiles(git: Git, commit: string | undefined, place: GitPlace): Promise<TreeFile[]> {
  if (commit === undefined) return [];
  const folder = `${folderOf(place)}/`;
  const listing = await git.run(['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', folder]);
  return listing.split('\0').flatMap((line) => {
    const [, object = '', size = '', path = ''] = BLOB.exec(line) ?? [];
    return OWN.test(path.slice(folder.length)) ? [{ path, object, size: Number(size) }] : [];
  });
}

const BLOB = /^100\d+ blob ([0-9a-f]+) +(\d+)\t(.+)$/s;
const OWN = /^\d{4}-\d{2}\/[^/]+\.json$/;

function trailersOf({ runId, command, by, commit }: HistoryRun): string[] {
  const facts = {
    'Run-Id': runId,
    Command: command,
    Actor: by.host === undefined ? by.actor : `${by.actor}@${by.host}`,
    Run: by.run,
    'Pull-Request': by.pullRequest,
    Manifests: commit,
  };
  return Object.entries(facts).flatMap(([name, fact]) =>
    fact === undefined ? [] : [`${name}: ${onOneLine(String(fact))}`],
  );
}
