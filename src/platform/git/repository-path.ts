import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A path in the workspace as the repository knows it, which is how GitHub takes places in files: actions/checkout puts a
 * repository into a folder of the workspace where its `path` says so.
 */
export function toRepositoryPath(workspace: string, path: string): string {
  const names = path.split('/');
  for (let depth = names.length - 1; depth > 0; depth -= 1) {
    if (existsSync(join(workspace, ...names.slice(0, depth), '.git'))) return names.slice(depth).join('/');
  }
  return path;
}
