import { existsSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument } from 'yaml';
import { planIn, reportIn } from '../support/output-schemas.js';
import { emulate, folder } from '../support/project.js';
import { llmform } from '../support/run-cli.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const names = (await readdir(EXAMPLES)).filter((name) => existsSync(join(EXAMPLES, name, 'llmform.yaml')));

describe('the examples', () => {
  it.each(names)('%s: is valid, is planned, is applied, and leaves nothing to do', async (name) => {
    const { cwd, env } = await emulated(name);
    const run = (...args: string[]) => llmform(args, { cwd, env });

    const valid = await llmform(['validate', '--format', 'json'], { cwd });
    expect(JSON.parse(valid.out)).toMatchObject({ valid: true, diagnostics: [] });
    const { manifests } = JSON.parse(valid.out);
    const plan = await run('plan', '--format', 'json');
    expect(planIn(plan.out)).toMatchObject({ summary: { create: manifests }, diagnostics: [] });
    const apply = await run('apply', '--auto-approve', '--format', 'json');
    expect(apply.code).toBe(0);
    expect(reportIn(apply.out)).toMatchObject({ summary: { applied: manifests }, diagnostics: [] });
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
  });

  it('are there for every vendor', () => {
    expect(names).toEqual(expect.arrayContaining(['anam', 'flashback', 'goodmem', 'liveavatar']));
  });
});

/** A copy of an example whose targets are emulators, and the variables that it asks for. */
async function emulated(name: string): Promise<{ cwd: string; env: Record<string, string> }> {
  const cwd = await folder();
  await cp(join(EXAMPLES, name), cwd, { recursive: true, filter: (path) => !path.endsWith('.llmform') });
  const env = await variables(cwd);
  const file = join(cwd, 'llmform.yaml');
  const project = parseDocument(await readFile(file, 'utf8'));
  const targets = project.get('targets');
  if (!isMap(targets)) throw new Error(`examples/${name} has no targets`);
  for (const { key } of targets.items) {
    const emulator = await emulate(String(targets.getIn([key, 'vendor'])));
    targets.setIn([key, 'baseUrl'], emulator.url);
    env[String(targets.getIn([key, 'auth', 'fromEnv']))] = emulator.credential;
  }
  await writeFile(file, String(project));
  return { cwd, env };
}

async function variables(cwd: string): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const entry of await readdir(cwd, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    for (const [, variable = ''] of text.matchAll(/fromEnv: (\w+)/g)) env[variable] = `value-of-${variable}`;
  }
  return env;
}
