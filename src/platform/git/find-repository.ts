import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tells, without a start of git, if a folder may be in a repository. */
export function mayBeInRepository(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.GIT_DIR !== undefined) return true;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (at === dirname(at)) return false;
  }
}
