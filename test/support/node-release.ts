import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The releases that tests run on, as the packages `node-<platform>-<arch>` carry them. */
const VERSIONS = { 20: '20.19.0', 22: '22.23.3', 24: '24.21.0' } as const;

export type NodeLine = keyof typeof VERSIONS;

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/llmform/', import.meta.url));

/**
 * The program of a release line of Node: this one where it is of that line, else one from npm, installed once. Tests
 * that install at the same time use folders of their own, and the first to be ready moves its folder into place.
 */
export async function nodeRelease(line: NodeLine): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) === line) return process.execPath;
  const version = VERSIONS[line];
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(CACHE, `${name}-${version}`);
  const program = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;

  await mkdir(CACHE, { recursive: true });
  const aside = await mkdtemp(join(CACHE, 'installing-'));
  try {
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await execa('npm', ['install', '--prefix', aside, ...flags, `${name}@${version}`]);
    await rename(aside, home).catch((error: unknown) => {
      if (!existsSync(program)) throw error;
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Node ${line} is needed here and cannot be installed: npm install ${name}@${version} failed. ` +
        `Run the tests with Node ${line}, or let npm reach its registry.\n${why}`,
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return program;
}
