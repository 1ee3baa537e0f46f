import { isAbsolute, resolve } from 'node:path';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { hideKeysInUrl } from '../../model/url-keys.js';
import { createParentFolder } from '../../platform/fs/files.js';
import { openCheckout } from '../../platform/git/checkout.js';
import { GitError } from '../../platform/git/git.js';
import { namesHelper, parseGitRemote } from '../../platform/git/remote.js';
import type { Mask } from '../../platform/secrets/mask.js';
import type { Trigger } from '../state/model.js';
import { readLastGood, writeLastGood } from './last-good.js';
import { createPoller } from './poller.js';
import type { ProjectSource, Snapshot } from './source.js';
import { lockStateFolder } from './state-lock.js';

export interface GitSourceSettings {
  /** As `git clone` takes it. */
  url: string;
  /** A branch, or the full name of a ref. */
  ref: string;
  /** The project file within the repository. */
  config: string;
  /** Absolute folder for the repository, its commits, and the state that survives a restart. No other process may use it. */
  stateDir: string;
  intervalMs: number;
  /** The base of a URL that is a relative path. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Hosts beside the repository's own that submodules may come from; undefined fetches none. */
  submoduleHosts?: readonly string[] | undefined;
  /** The known secrets of the process. */
  mask?: Mask | undefined;
}

/** Defaults for settings that neither the command line nor the project file has. */
export const GIT_DEFAULTS = { ref: 'main', intervalMs: 60_000 } as const;

/**
 * A branch of a git repository. It is asked now and then what it points to, and fetched when that is something new. A
 * branch whose history was rewritten is refused: what was reviewed is not what would be applied. Throws `DiagnosticError`.
 */
export async function openGitSource(settings: GitSourceSettings): Promise<ProjectSource> {
  const { ref, config, stateDir, env, mask, submoduleHosts } = settings;
  demandUsable(settings);
  const remote = parseGitRemote(absolute(settings), env);
  const shownUrl = hideKeysInUrl(remote.url);
  const place = `${shownUrl} (${ref})`;
  await createParentFolder(resolve(stateDir, 'lock'));
  const lock = lockStateFolder(stateDir);
  const checkout = await openCheckout(stateDir, remote, ref, env, { clean: mask?.clean, submoduleHosts });
  let tell: (trigger: Trigger) => void = () => undefined;
  let seen: string | undefined;
  let refused = false;
  let newest: string | undefined;
  /** In force, and before that. A run that began before may still read files of the earlier one. */
  let good = [(await readLastGood(stateDir))?.commit];
  let finished: Promise<unknown> = Promise.resolve();
  /** One thing at a time: looking, loading and clearing up use the same repository. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = finished.then(work);
    finished = done.catch(() => undefined);
    return done;
  };

  async function snapshotOf(commit: string, file = config): Promise<Snapshot> {
    const { folder, missing } = await checkout.checkOut(commit);
    const submodules = missing.filter(({ what }) => what === 'submodule').map((one) => one.place);
    return {
      ...{ cwd: folder, config: file, place, commit, ledgerFolder: stateDir },
      ...(missing.length > 0 && { missing }),
      ...(submodules.length > 0 && submoduleHosts === undefined && { unfetched: submodules }),
    };
  }

  async function load(): Promise<Snapshot> {
    const tip = await checkout.tip();
    if (tip === undefined) throw missing(shownUrl, ref);
    const before = await checkout.accepted();
    const commit = await checkout.fetch();
    seen = tip;
    refused = before !== undefined && commit !== before && !(await checkout.descends(commit, before));
    if (before !== undefined && refused) throw rewritten(place, before, commit, stateDir);
    await checkout.accept(commit);
    newest = commit;
    const snapshot = await snapshotOf(commit);
    // Of commits with mistakes there may be many in a row.
    await clear();
    return snapshot;
  }

  async function clear(): Promise<void> {
    await checkout.keepOnly([...good, newest]).catch(() => undefined);
  }

  const poller = createPoller(settings.intervalMs, {
    look: () =>
      inTurn(async () => {
        const tip = await checkout.tip();
        if (tip === undefined) throw missing(shownUrl, ref);
        // A refusal ends when the repository is removed, or when the branch is what it was.
        if (tip !== seen || (refused && (await checkout.accepted()) === undefined)) tell('commit');
      }),
    // Loading says what is wrong, and later that it is over.
    changed: () => tell('commit'),
  });

  return {
    load: () => inTurn(() => load().catch((error: unknown) => Promise.reject(plain(error, place)))),
    onChange: (callback) => {
      tell = callback;
    },
    poll: poller.now,
    keep({ commit, config: file }) {
      if (commit === undefined) return;
      void inTurn(async () => {
        good = [commit, ...good.filter((one) => one !== commit)].slice(0, 2);
        await writeLastGood(stateDir, { place, commit, config: file });
        await clear();
      }).catch(() => undefined);
    },
    lastGood: () =>
      inTurn(async () => {
        const good = await readLastGood(stateDir);
        if (good === undefined || good.place !== place) return undefined;
        return snapshotOf(good.commit, good.config).catch(() => undefined);
      }),
    async close() {
      checkout.close();
      await poller.close();
      await finished;
      lock.release();
    },
  };
}

/** A folder may be given relative to where the command was started; git would take it from the repository. */
function absolute({ url, cwd }: GitSourceSettings): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || /^[^/]*:/.test(url) ? url : resolve(cwd, url);
}

function demandUsable({ url, ref, config }: GitSourceSettings): void {
  const wrong = (summary: string, detail: string) => new DiagnosticError(error('usage', summary, { detail }));
  if (/^-|[\s\p{Cc}]/u.test(url) || url === '' || namesHelper(url))
    throw wrong(
      'the address of the repository is not one',
      'It looks like https://host/path.git or git@host:path.git.',
    );
  if (!/^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)|[./]$))[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(ref))
    throw wrong(`${JSON.stringify(ref)} is no name of a branch`, 'Write it as main, or as refs/tags/live.');
  if (isAbsolute(config) || config.split(/[\\/]/).includes('..'))
    throw wrong(
      `the project file ${config} is outside the repository`,
      'With a git source --config names a file within the repository.',
    );
}

function plain(fault: unknown, place: string): unknown {
  if (!(fault instanceof GitError)) return fault;
  return new DiagnosticError(
    error('file', `${place} cannot be read: ${fault.message}`, {
      detail:
        fault.code === 'missing'
          ? 'Install git.'
          : 'The last good commit stays active, and a running watch retries. Check the address and the credential of git.',
    }),
  );
}

function missing(url: string, ref: string): DiagnosticError {
  return new DiagnosticError(
    error('file', `${url} has no branch ${ref}`, {
      detail: 'Name another one with --ref, or its full name, such as refs/tags/live.',
    }),
  );
}

function rewritten(place: string, before: string, commit: string, stateDir: string): DiagnosticError {
  return new DiagnosticError(
    error(
      'stale',
      `the history of ${place} was rewritten: ${commit.slice(0, 12)} was not made on top of ${before.slice(0, 12)}`,
      {
        detail: `The commit before stays active. Put the branch back on top of it; or, to accept what is there, remove the folder ${resolve(stateDir, 'repository')}: the next poll takes what it finds.`,
      },
    ),
  );
}
