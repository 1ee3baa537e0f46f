import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { defined } from '../../model/defined.js';
import { error } from '../../model/diagnostic.js';
import { readForeignJson } from '../../model/foreign-json.js';
import { LedgerHeldError } from '../../model/ledger-held-error.js';
import type { Git } from '../../platform/git/git.js';
import { describeActor } from '../../platform/process/actor.js';
import { createEmptyCommit, readCommitMessage } from './commit.js';
import { validate } from './lock-holder.schema.generated.js';
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
    throw heldByAnother(ref, tip, await describeHolder(git, tip), place);
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

/** Who holds the lock, as its commit says. */
interface Holder {
  by?: string;
  /** The page of the run in CI. */
  run?: string;
  host: string;
  pid: number;
  /** ISO 8601. */
  since: string;
}

function describeThisApply(env: Env): Holder & { token: string } {
  const { actor, run } = describeActor(env);
  return {
    by: actor,
    ...defined({ run }),
    host: hostname(),
    pid: process.pid,
    since: new Date().toISOString(),
    // Two locks are never the same commit, so that a lock that comes back is not taken for the old one.
    token: randomBytes(12).toString('hex'),
  };
}

/** The holder in words, and how long ago that was, which is another text every minute. */
interface HolderText {
  who: string;
  age: string;
}

async function describeHolder(git: Git, tip: string): Promise<HolderText> {
  const message = await readCommitMessage(git, tip).catch((error: unknown) => asGitError(error).message);
  const line = message.split('\n').find((one) => one.startsWith('{')) ?? '';
  const holder = readForeignJson<Holder>(line, validate);
  if ('fault' in holder) return { who: 'It does not say whose it is', age: '' };
  const { by, host, pid, since, run } = holder.value;
  const who = by === undefined ? `process ${pid}` : `${by}, process ${pid}`;
  const where = run === undefined ? '' : ` (${run})`;
  return { who: `It is of ${who} on ${host}${where}, since ${since}`, age: formatAge(since) };
}

function formatAge(since: string): string {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return '';
  if (minutes < 120) return `, ${minutes} min ago`;
  return minutes < 2880
    ? `, ${Math.floor(minutes / 60)} hours ago`
    : `, ${Math.floor(minutes / 1440)} days ago`;
}

function heldByAnother(ref: string, tip: string, { who, age }: HolderText, place: GitPlace): Error {
  const summary = `another apply holds the ledger ${place.ref} at the remote ${place.remote}`;
  const detail = `${who}${age}. Wait for it with --lock-timeout, or run the command again. If it is gone for good, remove its lock with \`${removalCommand(ref, tip, place)}\`.`;
  return new LedgerHeldError(error('ledger', summary, { detail }), `${who}.`);
}
