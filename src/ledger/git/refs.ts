import { setTimeout as sleep } from 'node:timers/promises';
import type { Git, GitError } from '../../platform/git/git.js';
import { randomBase64 } from '../../platform/secrets/digest.js';
import { asGitError, type GitPlace, gitError } from './place.js';

/** The commits of the remote's refs; a ref that does not exist is missing. */
export type Tips = ReadonlyMap<string, string>;

/** The remote's word on some refs. A remote that cannot be asked is an error, never "nothing there". */
export async function readTips(git: Git, remote: string, refs: readonly string[]): Promise<Tips> {
  const listing = await git.run(['ls-remote', '--refs', remote, ...refs]).catch((error: unknown) => {
    throw unreachable(remote, asGitError(error));
  });
  const lines = listing.split('\n').map((line) => line.split('\t'));
  // A pattern also matches the end of longer names.
  return new Map(lines.flatMap(([tip = '', ref = '']) => (refs.includes(ref) ? [[ref, tip] as const] : [])));
}

/** Brings a ref's commit here, and returns it; undefined when the remote has no such ref. */
export async function fetchTip(git: Git, remote: string, ref: string): Promise<string | undefined> {
  if (!(await readTips(git, remote, [ref])).has(ref)) return undefined;
  // A ref of llmform's own: FETCH_HEAD belongs to the user of this clone, and others may fetch at the same time.
  const landing = `${SEEN}/${Buffer.from(randomBase64(12), 'base64').toString('hex')}`;
  try {
    const shallow = (await git.run(['rev-parse', '--is-shallow-repository'])) === 'true';
    await git.run(['fetch', ...FETCH, ...(shallow ? ['--depth=1'] : []), remote, `+${ref}:${landing}`]);
    const tip = await git.run(['rev-parse', '--verify', `${landing}^{commit}`]);
    // Only so that the next fetch brings no more than what is new.
    await git.run(['update-ref', `${SEEN}/latest`, tip]).catch(() => undefined);
    return tip;
  } catch (error) {
    const failure = asGitError(error);
    // Removed in the meantime: a lock is.
    if (!(await readTips(git, remote, [ref])).has(ref)) return undefined;
    throw unreachable(remote, failure);
  } finally {
    await git.run(['update-ref', '-d', landing]).catch(() => undefined);
  }
}

const SEEN = 'refs/llmform-seen';

/** No tags, no submodules, no housekeeping: the user's settings may add them to a fetch. */
const FETCH = [
  '--quiet',
  '--no-tags',
  '--no-prune',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-gc',
  '--refmap=',
];

/** One ref's way from one commit to another; undefined is "not there". */
export interface RefUpdate {
  ref: string;
  from: string | undefined;
  to: string | undefined;
}

/**
 * Moves refs of the remote, all of them or none, each only if it still is where it is said to come from. An answer that
 * got lost is settled by looking. Returns undefined when it is done, else where the refs are instead. Throws
 * `DiagnosticError` when the remote refuses or cannot be reached.
 */
export async function updateRefs(
  git: Git,
  { ref, remote }: GitPlace,
  moves: readonly RefUpdate[],
): Promise<Tips | undefined> {
  const leases = moves.map((move) => `--force-with-lease=${move.ref}:${move.from ?? ''}`);
  const pairs = moves.map((move) => `${move.to ?? ''}:${move.ref}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await git.run(['push', ...PUSH, ...leases, remote, ...pairs]);
      return undefined;
    } catch (error) {
      const failure = asGitError(error);
      const names = moves.map((move) => move.ref);
      const tips = await readTips(git, remote, names).catch(() => undefined);
      if (tips !== undefined && moves.every((move) => tips.get(move.ref) === move.to)) return undefined;
      if (tips !== undefined && moves.some((move) => tips.get(move.ref) !== move.from)) return tips;
      if (isRefusal(failure)) throw refused(ref, remote, failure);
      if (attempt === ATTEMPTS) throw unreachable(remote, failure);
      await sleep(1_000);
    }
  }
}

const ATTEMPTS = 3;

/** Hooks of the clone, such as one that runs all tests before a push, are for the people's branches. */
const PUSH = [
  '--porcelain',
  '--atomic',
  '--no-verify',
  '--no-follow-tags',
  '--no-signed',
  '--recurse-submodules=no',
];

function isRefusal({ output }: GitError): boolean {
  return /hook declined|denied|\b40[13]\b|protected|prohibited|permission|non-fast-forward|not allowed|read.?only|--atomic/i.test(
    // Names of repositories are not the server's words.
    output.replace(/^To .*$|'[^'\n]*'/gm, ''),
  );
}

function refused(ref: string, remote: string, { message, output }: GitError): Error {
  const summary = `the remote ${remote} refuses to write the ledger ${ref}: ${message}`;
  if (/non-fast-forward/.test(output)) {
    return gitError(
      summary,
      'An apply replaces its own commit as it goes, which this server forbids: use a ref outside refs/heads, or allow it (receive.denyNonFastForwards).',
    );
  }
  if (/support --atomic/.test(output)) {
    return gitError(summary, 'The ledger needs a server that can move two refs at once (atomic pushes).');
  }
  return gitError(
    summary,
    'The user that runs apply must be allowed to push. In GitHub Actions the job needs `permissions: { contents: write }`.',
  );
}

function unreachable(remote: string, failure: GitError): Error {
  const credential = /Authentication|could not read (Username|Password)|\b40[13]\b/i.test(failure.output)
    ? ' In GitHub Actions leave `persist-credentials` of actions/checkout on.'
    : '';
  return gitError(
    `the ledger at the remote ${remote} cannot be reached: ${failure.message}`,
    `Check that \`git ls-remote ${remote}\` works here. Nothing is done without the ledger: it knows which objects are ours.${credential}`,
  );
}
