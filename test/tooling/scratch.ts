import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the project that a test may change: scripts, schemas, and the sources that the test brings. */
export interface Scratch {
  folder: string;
  write(path: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function scratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'llmform-tooling-'));
  for (const path of ['package.json', 'tsconfig.json', 'schemas', 'scripts']) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  // A folder of its own, because the build works in it; the packages are shared.
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules'))) {
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return {
    folder,
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
