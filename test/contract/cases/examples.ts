import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { openSandbox, type Sandbox, type TargetSettings } from '../../support/sandbox.js';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

/** Every example has to be right as it stands: people copy it. */
export function exampleCases(name: string): void {
  it('are valid, and warn of nothing', async () => {
    const sandbox = await openExample(name);
    const { code, out } = await sandbox.run('validate', '--format', 'json');
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, valid: true, diagnostics: [] });
  });

  it('plan and apply as they stand, and leave nothing to do', async () => {
    const sandbox = await openExample(name);
    const planned = await sandbox.plan();
    expect(planned).toMatchObject({ code: 0, plan: { diagnostics: [] } });
    expect(planned.plan.summary.create).toBe(planned.plan.changes.length);
    expect(planned.plan.changes.length).toBeGreaterThan(0);
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
}

/** A copy of an example whose targets are emulated; every variable that it names is set. */
async function openExample(name: string): Promise<Sandbox> {
  const project = parse(readFileSync(`${examples}/${name}/llmform.yaml`, 'utf8'));
  const targets = Object.entries<TargetSettings>(project.targets).map(
    ([target, { vendor }]) => [target, { vendor }] as const,
  );
  const sandbox = await openSandbox({
    targets: Object.fromEntries(targets),
    project: { name: project.name, manifests: project.manifests, guards: project.guards ?? {} },
  });
  const files = readdirSync(`${examples}/${name}`, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((path) => /\.ya?ml$/.test(path) && path !== 'llmform.yaml')) {
    const text = readFileSync(`${examples}/${name}/${file}`, 'utf8');
    sandbox.write(file, text);
    for (const [, variable = ''] of text.matchAll(/fromEnv: (\w+)/g))
      sandbox.env[variable] = `value-of-${variable}`;
  }
  return sandbox;
}
