import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './scratch.js';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-28

### Added

- A thing.

## [1.2.2] - 2026-10-01

- Older.
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-release-'));
  await declare('1.2.3');
  await writeFile(join(folder, 'CHANGELOG.md'), CHANGELOG);
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args: string[]) => execa('git', args, { cwd: folder, env });
  await git('init', '-q');
  await git('add', '.');
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'Release');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function declare(version: string) {
  for (const name of ['package.json', 'package-lock.json']) {
    await writeFile(join(folder, name), JSON.stringify({ version }));
  }
}

const tag = (...names: string[]) =>
  Promise.all(names.map((name) => execa('git', ['tag', name], { cwd: folder })));

async function release(name: string) {
  const outputs = join(folder, 'outputs');
  const { exitCode, stdout, stderr } = await execa('node', [join(root, 'scripts/release.mjs'), name], {
    cwd: folder,
    env: { GITHUB_OUTPUT: outputs },
    reject: false,
  });
  return { code: exitCode, out: stdout, err: stderr, outputs: () => readFile(outputs, 'utf8') };
}

describe('the check of a release', () => {
  it('prints what the changelog says about it, and sets what later jobs need', async () => {
    await tag('v1.2.2', 'v1.2.3', 'v1.2.4-rc.1', 'v2.0.0');
    const { outputs, ...printed } = await release('v1.2.3');
    expect(printed).toEqual({
      code: 0,
      out: '### Added\n\n- A thing.',
      err: '',
    });
    const commit = (await execa('git', ['rev-parse', 'HEAD'], { cwd: folder })).stdout;
    expect(await outputs()).toBe(
      `version=1.2.3\ncommit=${commit}\nmajor=v1\nnpm-tag=latest\nprerelease=false\n`,
    );
    const workflow = await readFile(join(root, '.github/workflows/release.yml'), 'utf8');
    const needed = [...workflow.matchAll(/steps\.release\.outputs\.([\w-]+)/g)].map(([, output]) => output);
    expect((await outputs()).match(/^[\w-]+(?==)/gm)).toEqual(needed);
  });

  it('gives a pre-release a tag of its own on npm', async () => {
    await declare('1.3.0-rc.1');
    await writeFile(join(folder, 'CHANGELOG.md'), CHANGELOG.replace('1.2.3', '1.3.0-rc.1'));
    const { code, outputs } = await release('v1.3.0-rc.1');
    expect(code).toBe(0);
    expect(await outputs()).toMatch(/npm-tag=next\nprerelease=true\n$/);
  });

  it.each([
    ['a tag that is no version', 'v1.2', 'v1.2 is not a tag such as v1.2.3 or v1.2.3-rc.1'],
    [
      'a version that is not declared',
      'v1.2.4',
      'v1.2.4 is tagged, but package.json says 1.2.3 and package-lock.json 1.2.3',
    ],
  ])('refuses %s', async (_, name, message) => {
    expect(await release(name)).toMatchObject({ code: 1, out: '', err: `release: ${message}` });
  });

  it('refuses a version without a dated section in the changelog', async () => {
    await declare('1.2.4');
    expect(await release('v1.2.4')).toMatchObject({
      code: 1,
      err: 'release: CHANGELOG.md has no section "## [1.2.4] - YYYY-MM-DD"',
    });
  });

  it('refuses to take a major branch back', async () => {
    await tag('v1.2.3', 'v1.10.0');
    expect(await release('v1.2.3')).toMatchObject({
      code: 1,
      err: 'release: v1.10.0 is newer, and workflows that use v1 would go back to v1.2.3',
    });
  });
});
