import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { emulate, write } from '../support/project.js';
import { type Block, fileOf } from './pages.js';

/** The folder that a page describes, filled block by block. */
export interface PageProject {
  path: string;
  /** The variables that its files name. */
  env: Record<string, string>;
  /** Writes the file that a block shows. */
  add(block: Block): Promise<void>;
}

/** With `emulated` the targets are emulators; without, the files stay as the page shows them. */
export function openPageProject(path: string, { emulated }: { emulated: boolean }): PageProject {
  const env: Record<string, string> = {};
  let unnamed = 0;
  return {
    path,
    env,
    async add(block) {
      const file = fileOf(block) ?? `llms/unnamed-${++unnamed}.yaml`;
      for (const [, name = ''] of block.text.matchAll(/fromEnv: (\w+)/g)) env[name] ??= `value-of-${name}`;
      await write(path, { [file]: block.text });
      if (emulated && /^kind: Project$/m.test(block.text))
        Object.assign(env, await pointToEmulators(path, file));
    },
  };
}

/** Replaces the addresses of a project file by those of emulators; returns the variables of their credentials. */
async function pointToEmulators(path: string, file: string): Promise<Record<string, string>> {
  const project = parseDocument(await readFile(join(path, file), 'utf8'));
  const env: Record<string, string> = {};
  const targets = project.get('targets');
  if (!isMap(targets)) throw new Error(`${file} has no targets`);
  for (const { key } of targets.items) {
    const emulator = await emulate(String(targets.getIn([key, 'vendor'])));
    targets.setIn([key, 'baseUrl'], emulator.url);
    env[String(targets.getIn([key, 'auth', 'fromEnv']))] = emulator.credential;
  }
  // Nothing but loopback is contacted, and no test depends on the time of day.
  visit(project, {
    Pair: (_, { key }) =>
      isScalar(key) && ['notify', 'windows'].includes(String(key.value)) ? visit.REMOVE : undefined,
  });
  await writeFile(join(path, file), String(project));
  return env;
}
