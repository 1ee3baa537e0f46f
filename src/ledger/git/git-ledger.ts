import { asWarning, type Diagnostic, DiagnosticError } from '../../model/diagnostic.js';
import type { LedgerLock, LedgerStore } from '../../model/ports.js';
import type { Git } from '../../platform/git/git.js';
import { systemClock } from '../../platform/process/clock.js';
import { countSave, formatLedger, parseLedger } from '../format.js';
import type { SavePace } from '../save-pace.js';
import { type SavedPlace, serializeSaves } from '../serialize-saves.js';
import { createCommit, readBlob } from './commit.js';
import { openHistoryFiles, readHistoryFiles } from './history-files.js';
import { lostLock, removalCommand, takeLock } from './lock.js';
import { asGitError, type GitPlace, gitError, lockRefOf, requireRemote } from './place.js';
import { fetchTip, updateRefs } from './refs.js';

/**
 * A ledger kept on a ref of its own in the project's repository, for runners that keep nothing. A save has
 * happened once the remote has it. Every apply that saved anything becomes one commit, whose message is its outcome.
 * `env` is who we say we are in the lock.
 */
export function openGitLedger(
  git: Git,
  place: GitPlace,
  env: Readonly<Record<string, string | undefined>>,
): LedgerStore {
  const { ref, remote, path } = place;
  // While we hold the lock, what was there when we took it is what our commit will stand on.
  let held: { base: string | undefined } | undefined;

  return {
    async read() {
      return asDiagnostics(async () => {
        if (held === undefined) await requireRemote(git, place);
        const tip = held === undefined ? await fetchTip(git, remote, ref) : held.base;
        const text = tip === undefined ? undefined : await readBlob(git, tip, path);
        return text === undefined ? undefined : parseLedger(text, `${ref}:${path}`);
      });
    },
    async history() {
      return asDiagnostics(async () => {
        await requireRemote(git, place);
        return readHistoryFiles(git, await fetchTip(git, remote, ref), place);
      });
    },
    async lock() {
      return asDiagnostics(async () => {
        await requireRemote(git, place);
        const lock = await takeLock(git, place, env);
        try {
          const base = await fetchTip(git, remote, ref);
          held = { base };
          return locked(git, place, { lock, base }, () => {
            held = undefined;
          });
        } catch (error) {
          const left = await releaseLock(git, place, lock);
          throw error instanceof DiagnosticError ? new DiagnosticError(...error.diagnostics, ...left) : error;
        }
      });
    },
  };
}

interface LockHold {
  lock: string;
  /** The ledger's last commit before this apply. */
  base: string | undefined;
}

function locked(git: Git, place: GitPlace, { lock, base }: LockHold, onRelease: () => void): LedgerLock {
  const { ref, path } = place;
  const lockRef = lockRefOf(place);
  /** The expected commit of the ref, and every commit that it may have because an answer got lost. */
  let tip = base;
  const sent = new Set<string>();
  let latest: string | undefined;
  let released = false;
  const history = openHistoryFiles(git, place, base);

  /** Replaces this apply's commit, and only as long as the lock is ours. */
  async function record(text: string, message: string, lockTo: string | undefined): Promise<void> {
    const others = await history.files();
    const to = await createCommit(git, {
      parent: base,
      path,
      text,
      message: history.withTrailers(message),
      others,
    });
    sent.add(to);
    for (;;) {
      const found = await updateRefs(git, place, [
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

  const saved: SavedPlace = {
    format: formatLedger,
    count: countSave,
    write: (text) =>
      asDiagnostics(async () => {
        latest = text;
        await record(text, IN_PROGRESS, lock);
      }),
    async release(outcome = ENDED_EARLY) {
      if (released) return [];
      released = true;
      onRelease();
      const text = tip === base ? undefined : latest;
      try {
        if (text !== undefined) await asDiagnostics(() => record(text, outcome, undefined));
      } catch (error) {
        return [...(await releaseLock(git, place, lock)), ...warnings(error)];
      }
      return text === undefined ? releaseLock(git, place, lock) : [];
    },
  };
  return { ...serializeSaves(saved, PACE, systemClock), record: history.record };
}

/** Every save is a push, which servers count. */
const PACE: SavePace = { everyMs: 1_000, timesLast: 1, burst: 3 };

const IN_PROGRESS = 'llmform apply: in progress\n\nThis apply has not said yet how it ended.\n';
const ENDED_EARLY = 'llmform apply: ended early\n\nWhat it did until then is recorded.\n';

/** Removes our lock and no other one. A failure is reported with the way out. */
async function releaseLock(git: Git, place: GitPlace, lock: string): Promise<Diagnostic[]> {
  const ref = lockRefOf(place);
  try {
    const found = await asDiagnostics(() => updateRefs(git, place, [{ ref, from: lock, to: undefined }]));
    // It was removed already, and another apply may have taken its own.
    if (found !== undefined) throw lostLock(place);
    return [];
  } catch (error) {
    const still = `If it is still there, remove it with \`${removalCommand(ref, lock, place)}\`.`;
    return warnings(error).map((found) => ({ ...found, detail: `${found.detail ?? ''} ${still}`.trim() }));
  }
}

function warnings(error: unknown): Diagnostic[] {
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics.map(asWarning);
}

/** The remaining failures of git are local: a full disk, a damaged repository. */
async function asDiagnostics<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw gitError(
      `git failed at the ledger: ${asGitError(error).message}`,
      'Check the repository with `git fsck` and the free disk space, then run the command again.',
    );
  }
}
