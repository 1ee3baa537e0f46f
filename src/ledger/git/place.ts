import { DiagnosticError, error } from '../../model/diagnostic.js';
import { type Git, GitError } from '../../platform/git/git.js';

/** The place of a git ledger: a file in the tree of a ref that a remote keeps. */
export interface GitPlace {
  ref: string;
  /** Name of a remote of the repository. */
  remote: string;
  /** Of the file inside the ref's tree, with `/`. */
  path: string;
}

/** The ref that stands while an apply is in progress: all ledgers that share a ref share its lock. */
export function lockRefOf({ ref }: GitPlace): string {
  return ref.endsWith('/ledger') ? ref.replace(/ledger$/, 'lock') : `${ref}-lock`;
}

/** Makes sure that there is a repository with that remote, before anything is asked of it. Throws `DiagnosticError`. */
export async function requireRemote(git: Git, { ref, remote }: GitPlace): Promise<void> {
  try {
    await git.run(['rev-parse', '--git-dir']);
  } catch (error) {
    throw noRepository(asGitError(error));
  }
  const known = (await git.run(['remote'])).split('\n').filter((name) => name !== '');
  if (known.includes(remote)) return;
  const others = known.length === 0 ? 'It has none.' : `Its remotes: ${known.join(', ')}.`;
  throw gitError(
    `the repository has no remote called ${JSON.stringify(remote)}, where the ledger ${ref} is kept`,
    `${others} Name one of them as \`ledger.remote\` in the project file, or add it with \`git remote add ${remote} URL\`.`,
  );
}

/** Anything but a failure of git is a fault of the program and goes on as it is. */
export function asGitError(error: unknown): GitError {
  if (error instanceof GitError) return error;
  throw error;
}

export function gitError(summary: string, detail: string): DiagnosticError {
  return new DiagnosticError(error('ledger', summary, { detail }));
}

function noRepository(failure: GitError): DiagnosticError {
  if (failure.code === 'missing') {
    return gitError(
      'the project keeps its ledger in git, and git cannot be run: there is no such program',
      'Install git 2.29 or newer, or keep the ledger in a file (`ledger: { type: file }`).',
    );
  }
  const owner = /dubious ownership/.test(failure.output);
  return gitError(
    `the project keeps its ledger in git, and git does not work here: ${failure.message}`,
    owner
      ? 'The folder has another owner: allow it with `git config --global --add safe.directory "$PWD"` in its top folder.'
      : 'Run llmform inside a clone of the repository, or keep the ledger in a file (`ledger: { type: file }`).',
  );
}
