#!/usr/bin/env node
// Builds dist/: generated files, two bundles that share chunks, the one of the GitHub Action, the licences of what was
// bundled, the types.
// The bundles are made aside and moved into place, so that a failed build leaves the last good one alone.
import { execFile } from 'node:child_process';
import { access, chmod, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { licencesOf } from './build/licences.mjs';
import { generate } from './generate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const entryPoints = { cli: 'src/cli/cli.ts', index: 'src/index.ts' };
const actionEntry = 'src/action/index.ts';

// The bundle includes CommonJS, which asks for `require`; an ES module has none of its own.
const REQUIRE =
  "import { createRequire as __llmformRequire } from 'node:module'; const require = __llmformRequire(import.meta.url);";

async function main() {
  for (const notice of (await generate(root)).notices) console.error(`build: ${notice}`);
  await demandEntries();
  const aside = await mkdtemp(join(root, 'node_modules', '.llmform-build-'));
  try {
    await chmod(aside, 0o755);
    await bundle(aside);
    await bundleAction(join(aside, 'action'));
    await rm(dist, { recursive: true, force: true });
    await rename(aside, dist);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await types(join(dist, 'types'));
}

async function demandEntries() {
  const missing = [];
  for (const path of [...Object.values(entryPoints), actionEntry]) {
    await access(join(root, path)).catch(() => missing.push(path));
  }
  if (missing.length > 0) throw new Error(`nothing to bundle: ${missing.join(' and ')} missing`);
}

async function bundle(outdir) {
  await bundled({
    entryPoints,
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    target: 'node20.19',
  });
  await makeExecutable(join(outdir, 'cli.js'));
}

/** GitHub runs what is committed, with the Node that `action.yml` names: one file, the same from any machine. */
async function bundleAction(outdir) {
  await bundled({ entryPoints: { index: actionEntry }, outdir, target: 'node24' });
}

/**
 * undici loads its HTTP/2 client and the HTTP/2 of Node with it, at the start of every plan. It uses them only
 * where a connection is allowed to speak HTTP/2, and ours are not.
 */
const withoutHttp2 = {
  name: 'without-http2',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => ({
      contents: "module.exports = () => { throw new Error('HTTP/2 is left out of this bundle'); };",
    }));
  },
};

/** Gives undici an `assert` that costs nothing when it fails. */
const lightAssert = {
  name: 'light-assert',
  setup({ onResolve }) {
    onResolve({ filter: /^node:assert$/ }, ({ importer }) =>
      /[\\/]undici[\\/]/.test(importer) ? { path: join(root, 'scripts/build/assert.cjs') } : undefined,
    );
  },
};

async function bundled(options) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify: true,
    legalComments: 'none',
    metafile: true,
    banner: { js: REQUIRE },
    define: { __LLMFORM_VERSION__: JSON.stringify(version) },
    plugins: [withoutHttp2, lightAssert],
    logLevel: 'silent',
    ...options,
  });
  await writeFile(join(options.outdir, 'licenses.txt'), await licencesOf(metafile, root));
}

async function makeExecutable(file) {
  const code = await readFile(file, 'utf8');
  if (!code.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${code}`);
  await chmod(file, 0o755);
}

/** Of what the library's entry leads to: nothing else of the package can be imported. */
async function types(outDir) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = ['-p', 'scripts/build/types.json', '--outDir', outDir];
  await promisify(execFile)(process.execPath, [tsc, ...args], { cwd: root }).catch((error) => {
    throw new Error(`dist/ has its bundles, but its types are incomplete:\n${error.stdout || error.message}`);
  });
  // The compiler reads hand-made declarations and does not copy them. Only those that others refer to are needed.
  const emitted = await readdir(outDir, { recursive: true });
  const texts = await Promise.all(
    emitted.filter((path) => path.endsWith('.d.ts')).map((path) => readFile(join(outDir, path), 'utf8')),
  );
  for (const path of await readdir(join(root, 'src'), { recursive: true })) {
    const module = `/${basename(path, '.d.ts')}.js`;
    if (path.endsWith('.generated.d.ts') && texts.some((text) => text.includes(module)))
      await cp(join(root, 'src', path), join(outDir, path));
  }
}

await main().catch((error) => {
  const failures = error.errors?.map(({ text, location }) => {
    const place = location
      ? `${relative(root, join(root, location.file))}:${location.line}:${location.column + 1}: `
      : '';
    return `${place}${text}`;
  });
  console.error(`build: ${failures?.join('\nbuild: ') ?? error.message}`);
  process.exitCode = 1;
});
