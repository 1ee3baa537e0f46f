import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { emulatedVendors } from '../../src/emulator/index.js';
import { unknownFlags } from '../support/command-flags.js';
import { folder } from '../support/project.js';
import { llmform } from '../support/run-cli.js';
import { openPageProject, type PageProject } from './page-project.js';
import { allBlocks, type Block, blocksOf, pages, placeOf, readPage } from './pages.js';

const SHIM = fileURLToPath(new URL('./shim.mjs', import.meta.url));
const shell = allBlocks.filter(({ language }) => language === 'sh');
const skipped = ({ words }: Block) => words.startsWith('no-run');
const runnable = shell.filter((block) => !skipped(block));
const notRun = shell.filter(skipped);
const packageScripts = Object.keys(JSON.parse(readPage('package.json')).scripts);

describe('the commands of the documentation', () => {
  it.each([...new Set(runnable.map(({ page }) => page))])('%s: work as they are written', async (page) => {
    const project = await runPage(page);
    if (!page.startsWith('docs/getting-started/')) return;
    const second = await llmform(['plan', '--detailed-exitcode'], { cwd: project.path, env: project.env });
    expect(second, second.out + second.err).toMatchObject({ code: 0 });
  });

  it('fail the test when one of them fails', async () => {
    const block: Block = {
      page: 'docs/x.md',
      line: 1,
      language: 'sh',
      words: '',
      text: 'llmform plam | cat\n',
    };
    const project = openPageProject(await folder(), { emulated: true });
    await expect(runBlock(block, project, await tools())).rejects.toThrow('docs/x.md:1');
  });

  it('are there for every vendor', () => {
    const started = pages.filter((page) => page.startsWith('docs/getting-started/'));
    expect(started).toEqual(emulatedVendors.map((vendor) => `docs/getting-started/${vendor}.md`));
  });

  it('are left out rarely, and each time for a reason', () => {
    for (const { words } of notRun) expect(words).toMatch(/^no-run( \w[\w'.:,-]*){3,}$/);
    expect(notRun.map(placeOf).length).toBeLessThan(shell.length / 2);
  });

  it.each(notRun.map((block) => [placeOf(block), block] as const))(
    '%s, which is not run, names scripts and flags that exist',
    async (_, { text }) => {
      for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
        const [code = ''] = line.split(/\s#\s/);
        const [, script] = /npm run ([\w:]+)/.exec(code) ?? [];
        if (script !== undefined) expect(packageScripts).toContain(script);
        const [, call] = /(?:^|-- |'|npx )llmform ([^'|]*)/.exec(code) ?? [];
        if (call !== undefined) expect(await unknownFlags(call.trim().split(/\s+/))).toEqual([]);
      }
    },
  );
});

/** Writes the files and runs the commands of a page in their order. */
async function runPage(page: string): Promise<PageProject> {
  const project = openPageProject(await clone(), { emulated: true });
  const bin = await tools();
  for (const block of blocksOf(page)) {
    if (block.language === 'yaml' && block.words === '') await project.add(block);
    if (block.language === 'sh' && !skipped(block)) await runBlock(block, project, bin);
  }
  return project;
}

async function runBlock(block: Block, { path, env }: PageProject, bin: string): Promise<void> {
  // The page's own `export NAME="…"` has no value to show.
  const text = block.text.replaceAll(/\b\w+="…"/g, '');
  const { exitCode, all } = await execa('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: path,
    env: { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: path, ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
  if (exitCode !== 0) throw new Error(`${placeOf(block)} ended with ${exitCode}:\n${text}\n${all}`);
}

/** A clone of an empty repository, because a git ledger needs a remote. */
async function clone(): Promise<string> {
  const parent = await folder();
  const git = (...args: string[]) => execa('git', args, { cwd: parent });
  await git('init', '-q', '--bare', 'origin.git');
  await git('clone', '-q', 'origin.git', 'project');
  return join(parent, 'project');
}

/** A folder with `llmform` and `npx`. */
async function tools(): Promise<string> {
  const bin = join(await folder(), 'bin');
  await mkdir(bin);
  const run = `exec "${process.execPath}" "${SHIM}" "$@"`;
  await writeFile(join(bin, 'llmform'), `#!/bin/sh\n${run}\n`);
  await writeFile(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = llmform ] || exit 64\nshift\n${run}\n`);
  await Promise.all(['llmform', 'npx'].map((name) => chmod(join(bin, name), 0o755)));
  return bin;
}
