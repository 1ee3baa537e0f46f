import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tells if a folder seems to lie in a work tree: outside of one, git need not be started to find out. */
export function seemsInRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}
