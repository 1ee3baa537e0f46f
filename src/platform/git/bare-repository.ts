import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitLimits, openGit } from './git.js';

/** Makes a bare repository with a remote called origin, unless it is there. Throws `GitError`. */
export async function createBareRepository(
  repository: string,
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  limits: GitLimits,
): Promise<void> {
  if (existsSync(join(repository, 'HEAD'))) return;
  // Made aside: a repository that is there is whole.
  const draft = `${repository}.${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { recursive: true });
  const making = openGit(draft, { ...env, GIT_DIR: '.' }, limits);
  await making.run(['init', '--quiet', '--bare', '.']);
  for (const [name, value] of SETTINGS) await making.run(['config', name, value]);
  await making.run(['remote', 'add', 'origin', url]);
  await rename(draft, repository);
}

/** No hooks or filters run, files are as in git, and no maintenance goes on in the background. */
const SETTINGS = [
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['gc.autoDetach', 'false'],
] as const;
