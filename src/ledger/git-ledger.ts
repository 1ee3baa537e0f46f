import type { Git } from '../io/git.js';
import { asWarning, type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import { formatLedger, parseLedger } from './format.js';
import { makeCommit, readBlob } from './git-commit.js';
import { lostLock, removal, takeLock } from './git-lock.js';
import { demandRemote, failureOf, type GitPlace, gitError, lockRefOf } from './git-place.js';
import { fetchTip, moveRefs } from './git-refs.js';
import { saving } from './saving.js';
import type { LedgerLock, LedgerStore } from './store.js';

/**
 * A ledger kept on a ref of its own in the project's repository, for runners that keep nothing. A save has
 * happened once the remote has it. Every apply that saved anything becomes one commit, whose message is its outcome.
 * `env` is who we say we are in the lock.
 */
export function openGitLedger(
  git: Git,
  place: GitPlace,
  project: string,
  env: Readonly<Record<string, string | undefined>>,
): LedgerStore {
  const { ref, remote, path } = place;
  // While we hold the lock, what was there when we took it is what our commit will stand on.
  let held: { base: string | undefined } | undefined;

  return {
    async read() {
      return withoutGitFailures(async () => {
        if (held === undefined) await demandRemote(git, place);
        const tip = held === undefined ? await fetchTip(git, remote, ref) : held.base;
        const text = tip === undefined ? undefined : await readBlob(git, tip, path);
        return text === undefined ? undefined : parseLedger(text, `${ref}:${path}`, project);
      });
    },
    async lock() {
      return withoutGitFailures(async () => {
        await demandRemote(git, place);
        const lock = await takeLock(git, place, env);
        try {
          const base = await fetchTip(git, remote, ref);
          held = { base };
          return locked(git, place, { lock, base }, () => {
            held = undefined;
          });
        } catch (error) {
          const left = await letGo(git, place, lock);
          throw error instanceof DiagnosticError ? new DiagnosticError(...error.diagnostics, ...left) : error;
        }
      });
    },
  };
}

interface Hold {
  lock: string;
  /** The ledger's last commit before this apply. */
  base: string | undefined;
}

function locked(git: Git, place: GitPlace, { lock, base }: Hold, onRelease: () => void): LedgerLock {
  const { ref, path } = place;
  const lockRef = lockRefOf(place);
  /** What we believe the ref to be at, and everything that it may be at because an answer got lost. */
  let tip = base;
  const sent = new Set<string>();
  let latest: string | undefined;
  let released = false;

  /** Replaces this apply's commit, and only as long as the lock is ours. */
  async function record(text: string, message: string, lockTo: string | undefined): Promise<void> {
    const to = await makeCommit(git, { parent: base, path, text, message });
    sent.add(to);
    for (;;) {
      const found = await moveRefs(git, place, [
        { ref, from: tip, to },
        { ref: lockRef, from: lock, to: lockTo },
      ]);
      if (found === undefined) break;
      const actual = found.get(ref);
      // An earlier push arrived after all, though we never heard of it.
      const ours = actual !== undefined && actual !== tip && sent.has(actual);
      if (!ours || found.get(lockRef) !== lock) throw lostLock(place);
      tip = actual;
    }
    tip = to;
  }

  return saving(
    (ledger: Ledger) =>
      withoutGitFailures(async () => {
        latest = formatLedger(ledger);
        await record(latest, IN_PROGRESS, lock);
      }),
    async (outcome = ENDED_EARLY) => {
      if (released) return [];
      released = true;
      onRelease();
      const saved = tip === base ? undefined : latest;
      try {
        if (saved !== undefined) await withoutGitFailures(() => record(saved, outcome, undefined));
      } catch (error) {
        return [...(await letGo(git, place, lock)), ...warnings(error)];
      }
      return saved === undefined ? letGo(git, place, lock) : [];
    },
  );
}

const IN_PROGRESS = 'llmform apply: in progress\n\nThis apply has not said yet how it ended.\n';
const ENDED_EARLY = 'llmform apply: ended early\n\nWhat it did until then is recorded.\n';

/** Removes our lock and nobody else's. What goes wrong is said with the way out. */
async function letGo(git: Git, place: GitPlace, lock: string): Promise<Diagnostic[]> {
  const ref = lockRefOf(place);
  try {
    const found = await withoutGitFailures(() => moveRefs(git, place, [{ ref, from: lock, to: undefined }]));
    // Somebody removed it already, and perhaps took one of their own.
    if (found !== undefined) throw lostLock(place);
    return [];
  } catch (error) {
    const still = `If it is still there, remove it with \`${removal(ref, lock, place)}\`.`;
    return warnings(error).map((found) => ({ ...found, detail: `${found.detail ?? ''} ${still}`.trim() }));
  }
}

function warnings(error: unknown): Diagnostic[] {
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics.map(asWarning);
}

/** What is left of git's own failures is local: a full disk, a damaged repository. */
async function withoutGitFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw gitError(
      `git failed at the ledger: ${failureOf(error).message}`,
      'Check the repository with `git fsck` and the free disk space, then run the command again.',
    );
  }
}
