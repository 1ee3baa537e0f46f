import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Imports TypeScript sources, bundled in memory; undefined when the file does not exist. Dynamic imports stay
 * unresolved: the bodies of the commands are not needed, and they need files that are generated later.
 */
export async function loadSource(folder, path) {
  const file = join(folder, path);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return exists ? loadCode(folder, await readFile(file, 'utf8'), dirname(file)) : undefined;
}

/** Like `loadSource`, for code that is not in a file; its relative imports start at `resolveDir`. */
export async function loadCode(folder, contents, resolveDir) {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    define: { __LLMFORM_VERSION__: JSON.stringify(version) },
    plugins: [dynamicImportsStay],
    // CommonJS packages in the bundle still call `require` for Node's own modules.
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${JSON.stringify(join(folder, 'package.json'))});`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const dynamicImportsStay = {
  name: 'dynamic-imports-stay',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};
