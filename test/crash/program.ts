import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import type { main } from '../../src/cli/main.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The program as a user gets it, bundled for one run of tests, so that a build meanwhile takes nothing away. */
export interface Program {
  start(argv: readonly string[], cwd: string, env: Record<string, string>): RunningProgram;
  /** The same command line within this process. */
  main: typeof main;
  remove(): Promise<void>;
}

export type RunningProgram = ReturnType<typeof spawn>;

export async function bundleProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'llmform-crash-program-'));
  await bundle(folder);
  return {
    main: ((await import(pathToFileURL(join(folder, 'main.js')).href)) as { main: Program['main'] }).main,
    start: (argv, cwd, env) => spawn(join(folder, 'cli.js'), argv, cwd, env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function spawn(cli: string, argv: readonly string[], cwd: string, env: Record<string, string>) {
  return execa(process.execPath, [cli, ...argv], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
}

async function bundle(outdir: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/cli.ts', main: 'src/cli/main.ts' },
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    legalComments: 'none',
    // What is bundled includes CommonJS, which asks for `require`; an ES module has none of its own.
    banner: {
      js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);",
    },
    define: { __LLMFORM_VERSION__: JSON.stringify(version) },
    logLevel: 'silent',
  });
  // Outside the project, nothing else says that these files are modules.
  await writeFile(join(outdir, 'package.json'), '{ "type": "module" }\n');
}
