import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import { type NodeLine, nodeRelease } from '../support/node-release.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const lines: readonly NodeLine[] = [20, 22, 24];
const programs = await Promise.all(
  lines.map(async (line) => ({ line, ...(await nodeRelease(line).then(found, reasonOf)) })),
);

// A test that is left out says so where the results are read.
for (const { missing } of programs) if (missing) console.warn(`WARNING: tests are left out. ${missing}`);

let scratch: string;
let tarball: string;
let packed: { size: number; files: { path: string }[] };
let emulator: Emulator;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'llmform-package-'));
  emulator = await startEmulator('anam');
  // Without scripts: `prepare` would build into the dist that other tests run.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch];
  const { stdout } = await execa('npm', args, { cwd: ROOT });
  const [found] = JSON.parse(stdout);
  packed = found;
  tarball = join(scratch, found.filename);
});
afterAll(async () => {
  await emulator.close();
  await rm(scratch, { recursive: true, force: true });
});

describe('the packed package', () => {
  it('holds what is run, imported and read, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    expect([...new Set(paths.map((path) => path.split('/')[0]))].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'examples',
      'package.json',
      'schemas',
    ]);
    const inDist = paths.filter((path) => path.startsWith('dist/')).map((path) => path.split('/')[1]);
    expect([...new Set(inDist)].sort()).toEqual(['chunks', 'cli.js', 'index.js', 'licenses.txt', 'types']);
    expect(paths.filter((path) => /(^|\/)\.|\.(log|map|tgz)$|\.llmform/.test(path))).toEqual([]);
  });

  it('needs no other package, and is a small download', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
      expect(manifest).not.toHaveProperty(kind);
    }
    expect(packed.size).toBeLessThan(800_000);
  });

  it('has no types of what cannot be imported', () => {
    const types = packed.files.map(({ path }) => path).filter((path) => path.startsWith('dist/types/'));
    expect(types.filter((path) => /types\/(cli|action|watch|emulator)\//.test(path))).toEqual([]);
    expect(types).toContain('dist/types/index.d.ts');
  });
});

describe.each(programs)('the package on Node $line', ({ program }) => {
  const onNode = it.skipIf(program === undefined);
  let project: string;

  beforeAll(async () => {
    if (program === undefined) return;
    project = await mkdtemp(join(scratch, 'project-'));
    await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    const installed = await run('npm', 'install', '--offline', '--no-audit', '--no-fund', tarball);
    expect(installed).toMatchObject({ code: 0 });
    await mkdir(join(project, 'llms'));
    await writeFile(join(project, 'llmform.yaml'), PROJECT(emulator.url));
    await writeFile(join(project, 'llms', 'support.yaml'), MANIFEST);
  });

  /** With this Node first in the PATH, so that npm, npx and the command run on it. */
  async function run(command: string, ...args: string[]) {
    const { exitCode, stdout, stderr } = await execa(command, args, {
      cwd: project,
      env: {
        PATH: [dirname(program ?? ''), process.env.PATH].join(delimiter),
        HOME: scratch,
        ANAM_KEY: emulator.credential,
        OPENAI_KEY: 'sk-packed',
      },
      extendEnv: false,
      reject: false,
    });
    return { code: exitCode, out: stdout, err: stderr };
  }
  const npx = (...args: string[]) => run('npx', '--offline', '--no-install', 'llmform', ...args);

  onNode('answers --version', async () => {
    expect(await npx('--version')).toEqual({ code: 0, out: manifest.version, err: '' });
  });

  onNode('validates and plans', async () => {
    expect(await npx('validate')).toMatchObject({ code: 0, err: '' });
    const plan = await npx('plan', '--detailed-exitcode');
    expect(plan).toMatchObject({ code: 2, err: '' });
    expect(plan.out).toContain('+ create LLM/support');
  });

  onNode("plans from a program, and asks the program's ports", async () => {
    await cp(join(ROOT, 'examples/library/plan.mjs'), join(project, 'plan.mjs'));
    const plan = await run(program ?? '', 'plan.mjs');
    expect(plan).toMatchObject({ code: 2, out: (await npx('plan')).out });
    // A port may be asked more than once; those for Node remember the answer.
    expect([...new Set(plan.err.split('\n'))].sort()).toEqual([
      'audit: a secret is read {"fromEnv":"ANAM_KEY"}',
      'audit: a secret is read {"fromEnv":"OPENAI_KEY"}',
    ]);
  });

  onNode('is imported without effects, and holds its schemas', async () => {
    const script = `
      const before = { listeners: process.eventNames(), keys: Object.keys(globalThis) };
      const names = Object.keys(await import('llmform'));
      const { default: schema } = await import('llmform/schemas/manifest.schema.json', { with: { type: 'json' } });
      const after = { listeners: process.eventNames(), keys: Object.keys(globalThis) };
      console.log(JSON.stringify({ names, id: typeof schema, same: JSON.stringify(before) === JSON.stringify(after) }));`;
    await writeFile(join(project, 'import.mjs'), script);
    const { out } = await run(program ?? '', '--no-warnings', 'import.mjs');
    expect(JSON.parse(out)).toMatchObject({ id: 'object', same: true });
    expect(JSON.parse(out).names).toEqual(
      expect.arrayContaining(['openProject', 'openClient', 'openReader', 'openSecrets', 'openFileLedger']),
    );
  });
});

describe('the library', () => {
  let project: string;
  beforeAll(async () => {
    project = await mkdtemp(join(scratch, 'types-'));
    await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    await execa('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project });
    await cp(join(ROOT, 'examples/library/plan.mjs'), join(project, 'plan.mjs'));
  });

  it('has types that its example passes strictly, declarations included', async () => {
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
      ...{ allowJs: true, checkJs: true, module: 'nodenext', target: 'es2022' },
      ...{ types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['plan.mjs'] }));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    expect(await execa(tsc, ['-p', '.'], { cwd: project, reject: false })).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
  });

  it('leaves nothing in a bundle that does not use it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import 'llmform';", resolveDir: project },
      ...{ bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'silent' },
    });
    expect(outputFiles[0]?.text.trim()).toBe('');
  });
});

function found(program: string): { program?: string; missing?: string } {
  return { program };
}

function reasonOf(error: unknown): { program?: string; missing?: string } {
  return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
}

const PROJECT = (url: string) => `apiVersion: llmform/v1
kind: Project
name: packed
manifests: ["llms/*.yaml"]
targets:
  anam: { vendor: anam, baseUrl: "${url}", auth: { fromEnv: ANAM_KEY } }
`;

const MANIFEST = `apiVersion: llmform/v1
vendor: anam
kind: LLM
metadata: { name: support }
spec:
  displayName: Support
  llmFormat: openai
  modelName: gpt-4o
  urls: [{ url: "https://api.openai.com/v1/chat/completions" }]
  secret: { fromEnv: OPENAI_KEY }
`;
