import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { defined } from '../../model/defined.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import type { Git } from '../../platform/git/git.js';
import { createEmptyCommit, readCommitMessage } from './commit.js';
import { asGitError, type GitPlace, gitError, lockRefOf } from './place.js';
import { fetchTip, updateRefs } from './refs.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Creates the lock ref, which only one can, and returns its commit. Throws `DiagnosticError` with the holder's
 * name when another apply was first. It cannot be told from here whether the holder lives, so a lock is never taken over.
 */
export async function takeLock(git: Git, place: GitPlace, env: Env): Promise<string> {
  const ref = lockRefOf(place);
  const own = await createEmptyCommit(git, `${SUBJECT}\n\n${JSON.stringify(describeThisApply(env))}\n`);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await updateRefs(git, place, [{ ref, from: undefined, to: own }]);
    if (found === undefined) return own;
    const tip = await fetchTip(git, place.remote, ref);
    // It has just been released.
    if (tip === undefined) continue;
    throw heldByAnother(ref, tip, await holderOf(git, tip), place);
  }
  throw gitError(
    `the lock ${ref} at the remote ${place.remote} is taken and released all the time`,
    'Other applies are at work: run the command again when they are done.',
  );
}

/** The message of the holder's own run when its lock is gone. */
export function lostLock(place: GitPlace): Error {
  return gitError(
    `the lock ${lockRefOf(place)} was removed, or the ledger ${place.ref} changed, while this command ran`,
    'Another apply may have started since, so nothing more is recorded. Run `llmform plan` to see where things stand.',
  );
}

/** The command that removes exactly this lock, and not a later one. */
export function removalCommand(ref: string, tip: string, { remote }: GitPlace): string {
  return `git push --force-with-lease=${ref}:${tip} ${remote} :${ref}`;
}

const SUBJECT = 'llmform: an apply is in progress';
const MAX_ATTEMPTS = 5;

function describeThisApply(env: Env): JsonObject {
  const by = env.GITHUB_ACTOR ?? env.GITLAB_USER_LOGIN ?? env.USER ?? env.USERNAME;
  const run =
    env.GITHUB_RUN_ID === undefined
      ? env.CI_JOB_URL
      : `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
  return {
    ...defined({ by, run }),
    host: hostname(),
    pid: process.pid,
    since: new Date().toISOString(),
    // Two locks are never the same commit, so that a lock that comes back is not taken for the old one.
    token: randomBytes(12).toString('hex'),
  };
}

async function holderOf(git: Git, tip: string): Promise<string> {
  const message = await readCommitMessage(git, tip).catch((error: unknown) => asGitError(error).message);
  const holder = parseHolder(message.split('\n').find((line) => line.startsWith('{')) ?? '');
  if (holder === undefined) return 'It does not say whose it is.';
  const { by, host, pid, since, run } = holder;
  const who = typeof by === 'string' ? `${by}, process ${String(pid)}` : `process ${String(pid)}`;
  const where = typeof run === 'string' ? ` (${run})` : '';
  return `It is of ${who} on ${String(host)}${where}, since ${String(since)}${formatAge(String(since))}.`;
}

function parseHolder(line: string): JsonObject | undefined {
  try {
    const value = JSON.parse(line) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function formatAge(since: string): string {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return '';
  if (minutes < 120) return `, ${minutes} min ago`;
  return minutes < 2880
    ? `, ${Math.floor(minutes / 60)} hours ago`
    : `, ${Math.floor(minutes / 1440)} days ago`;
}

function heldByAnother(ref: string, tip: string, holder: string, place: GitPlace): Error {
  return gitError(
    `another apply holds the ledger ${place.ref} at the remote ${place.remote}`,
    `${holder} Wait for it and run the command again. If it is gone for good, remove its lock with \`${removalCommand(ref, tip, place)}\`.`,
  );
}
