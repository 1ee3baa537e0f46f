import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Scratch, scratch } from './scratch.js';

const CLI = `import { parse } from 'yaml';
import { validators } from '../manifest/schema/validators.generated.js';
declare const __LLMFORM_VERSION__: string;
console.log(__LLMFORM_VERSION__, parse('a: 1').a, validators['anam/LLM']?.({}));
`;

let project: Scratch;
beforeEach(async () => {
  project = await scratch();
  await project.write('src/model/vendor.ts', 'export type Vendor = object;');
  await project.write('src/emulator/server.ts', 'export type VendorEmulator = object;');
  await project.write('src/cli/cli.ts', CLI);
  await project.write('src/action/index.ts', "console.log('the action');");
  await project.write(
    'src/index.ts',
    "export { validators } from './manifest/schema/validators.generated.js';",
  );
});
afterEach(() => project.remove());

const build = () => execa('node', ['scripts/build.mjs'], { cwd: project.folder, reject: false });
const read = (path: string) => readFile(join(project.folder, path), 'utf8');

describe('npm run build', () => {
  it('makes a program that runs by itself, its types, and the licences of what it holds', async () => {
    const { exitCode, stderr } = await build();
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });

    const cli = join(project.folder, 'dist/cli.js');
    expect((await stat(cli)).mode & 0o111).toBe(0o111);
    expect((await stat(join(project.folder, 'dist'))).mode & 0o777).toBe(0o755);
    const { version } = JSON.parse(await read('package.json'));
    expect((await execa(cli)).stdout).toBe(`${version} 1 false`);

    expect(await read('dist/licenses.txt')).toMatch(/^ajv [^]*MIT License[^]*\nyaml [^]*Permission to use/);
    expect(await read('dist/types/index.d.ts')).toContain('validators');
    expect(await read('dist/types/manifest/schema/validators.generated.d.ts')).toContain('ValidatorError');
  });

  it('replaces what an earlier build left', async () => {
    await project.write('dist/old.js', '');
    await build();
    expect((await readdir(join(project.folder, 'dist'))).sort()).toEqual([
      'action',
      'chunks',
      'cli.js',
      'index.js',
      'licenses.txt',
      'types',
    ]);
  });

  it('bundles the action into one file, the same each time', async () => {
    await build();
    const first = await read('dist/action/index.js');
    expect((await readdir(join(project.folder, 'dist/action'))).sort()).toEqual(['index.js', 'licenses.txt']);
    expect((await execa('node', [join(project.folder, 'dist/action/index.js')])).stdout).toBe('the action');
    await build();
    expect(await read('dist/action/index.js')).toBe(first);
  });

  it('says which entry is missing', async () => {
    const other = await scratch();
    await other.write('src/cli/cli.ts', CLI);
    const { exitCode, stderr } = await execa('node', ['scripts/build.mjs'], {
      cwd: other.folder,
      reject: false,
    });
    await other.remove();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('build: nothing to bundle: src/index.ts and src/action/index.ts missing');
  });

  it('says where the sources are broken, and leaves the last good build alone', async () => {
    await build();
    await project.write('src/cli/cli.ts', 'console.log(1;\n');
    const { exitCode, stderr } = await build();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^build: src\/cli\/cli\.ts:1:14: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await read('dist/cli.js')).toContain('#!/usr/bin/env node');
    expect(
      (await readdir(join(project.folder, 'node_modules'))).filter((name) => name.startsWith('.llmform')),
    ).toEqual([]);
  });

  it('fails on a type error and shows it', async () => {
    await project.write('src/index.ts', 'export const answer: number = "42";');
    const { exitCode, stderr } = await build();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('src/index.ts(1,14): error TS2322');
  });
});
