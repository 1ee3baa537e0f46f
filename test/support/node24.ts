import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The release that the action is tried on, as the packages `node-<platform>-<arch>` carry it. */
const VERSION = '24.21.0';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/llmform/', import.meta.url));

/**
 * A Node 24 to run: this one where it is new enough, else one from npm, installed once. Whoever installs at the same
 * time does so in a folder of its own, and the first to be ready moves it into place.
 */
export async function node24(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(CACHE, `${name}-${VERSION}`);
  const program = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;

  await mkdir(CACHE, { recursive: true });
  const aside = await mkdtemp(join(CACHE, 'installing-'));
  try {
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await execa('npm', ['install', '--prefix', aside, ...flags, `${name}@${VERSION}`]);
    await rename(aside, home).catch((error: unknown) => {
      if (!existsSync(program)) throw error;
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The action runs on Node 24, and none could be had: npm install ${name}@${VERSION} failed. ` +
        `Run the tests with Node 24, or let npm reach its registry.\n${why}`,
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return program;
}
