import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import {
  anamLlms,
  anamProject,
  emulate,
  namesAt,
  type Project,
  projectFile,
  writesTo,
} from '../support/project.js';

const NAMES = ['a', 'b', 'c'];

/** Three objects that were applied to a first account, and a second one that has none of them. */
async function applied(): Promise<{ project: Project; first: Emulator; second: Emulator }> {
  const [first, second] = [await emulate('anam'), await emulate('anam')];
  const project = await anamProject(first.url, anamLlms(...NAMES));
  expect((await project.run('apply', '--auto-approve')).code).toBe(0);
  first.requests.length = 0;
  return { project, first, second };
}

describe('another account behind the same target', () => {
  it('ends plan and apply with 4 before its credential is used, with the ways out', async () => {
    const { project, second } = await applied();
    await project.write({ 'llmform.yaml': projectFile(second.url) });
    for (const command of [['plan'], ['apply', '--auto-approve'], ['plan', '--prune']]) {
      const { code, err } = await project.run(...command);
      expect({ command, code }).toEqual({ command, code: 4 });
      expect(err).toMatch(
        /error\[ledger\] llmform.yaml target \S+ is another account than before: its base URL was/,
      );
      expect(err).toContain('--rebind');
      expect(err).toContain('`moved`');
    }
    expect(second.requests).toEqual([]);
  });

  it('passes with --rebind, and is still refused where all remembered objects are missing', async () => {
    const { project, second } = await applied();
    await project.write({ 'llmform.yaml': projectFile(second.url) });
    const target = 'anam';
    const plan = await project.run('plan', '--rebind', target);
    expect(plan.code).toBe(0);
    expect(plan.err).toContain('all 3 remembered objects of anam are gone at the vendor');
    expect(plan.err).toContain('apply with --max-missing 3');
    expect(plan.out).toContain('recreate: ');

    const refused = await project.run('apply', '--auto-approve', '--rebind', target);
    expect(refused.code).toBe(4);
    expect(writesTo(second)).toEqual([]);

    const done = await project.run('apply', '--auto-approve', '--rebind', target, '--max-missing', '3');
    expect(done.code).toBe(0);
    expect(namesAt(second)).toHaveLength(3);
    // From now on the second account is the known one.
    expect((await project.run('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('is told by the account in the answers, whatever the address', async () => {
    const { project, first } = await applied();
    const ledger = JSON.parse(await project.read('.llmform/ledger.json'));
    expect(ledger.targets.anam).toMatchObject({ vendor: 'anam', baseUrl: first.url });
    ledger.targets.anam.account = 'another-organization';
    await project.write({ '.llmform/ledger.json': JSON.stringify(ledger) });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(4);
    expect(err).toContain('its account was another-organization');
    expect(writesTo(first)).toEqual([]);
  });
});

describe('an object that was deleted in the console', () => {
  it('is created anew, with the id that is gone and cause drift', async () => {
    const { project, first } = await applied();
    const [one] = first.objects('LLM').filter(({ displayName }) => String(displayName).includes('a'));
    await fetch(`${first.url}/v1/llms/${String(one?.id)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${first.credential}` },
    });
    const { out } = await project.run('plan', '--format', 'json');
    const plan = JSON.parse(out);
    expect(plan.summary).toMatchObject({ create: 1 });
    expect(plan.changes[0]).toMatchObject({ action: 'create', previousId: one?.id });
    expect(new Set(plan.changes[0].fields.map(({ cause }: { cause: string }) => cause))).toEqual(
      new Set(['drift']),
    );
    expect((await project.run('plan')).out).toContain(`recreate: ${String(one?.id)} is gone at the vendor`);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect((await project.run('plan', '--detailed-exitcode')).code).toBe(0);
    expect(namesAt(first)).toHaveLength(3);
  });

  it('is created anew where metadata.id still names the one that is gone, and stays bound', async () => {
    const { project, first } = await applied();
    const [one] = first.objects('LLM');
    const id = String(one?.id);
    const file = Object.keys(anamLlms(...NAMES)).find((name) =>
      name.includes(`/${String(one?.displayName).toLowerCase()}`),
    );
    const [name = ''] = NAMES.filter((each) => file?.includes(`${each}.yaml`));
    const text = anamLlms(name)[`llms/${name}.yaml`] ?? '';
    await project.write({ [`llms/${name}.yaml`]: text.replace(`name: ${name}`, `name: ${name}, id: ${id}`) });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    await fetch(`${first.url}/v1/llms/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${first.credential}` },
    });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(namesAt(first)).toHaveLength(3);
    // The manifest names the old id for ever, and the ledger knows what became of it.
    const again = await project.run('plan', '--detailed-exitcode');
    expect(again).toMatchObject({ code: 0 });
  });
});

describe('a target that the project no longer has', () => {
  const renamed = (url: string) => projectFile(url).replace('  anam:', '  anam-eu:');

  it('is an error that lists what is left of it, and only a warning for another target', async () => {
    const { project, first } = await applied();
    await project.write({ 'llmform.yaml': renamed(first.url) });
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, err } = await project.run(...command);
      expect(code).toBe(1);
      expect(err).toContain('the project has no target anam, and the ledger remembers 3 objects of it');
      expect(err).toContain('anam/LLM/a, anam/LLM/b, anam/LLM/c');
      expect(err).toContain('moved: [{ from: anam, to: NAME }]');
    }
    expect(writesTo(first)).toEqual([]);
    const one = await project.run('plan', '--target', 'anam-eu');
    expect(one.code).toBe(0);
    expect(one.err).toContain('warning[ledger] llmform.yaml the project has no target anam');
  });

  it('is shown by the marks of its objects where the ledger is lost, and never deleted', async () => {
    const { project, first } = await applied();
    await project.write({ 'llmform.yaml': renamed(first.url), '.llmform/ledger.json': '' });
    const { rm } = await import('node:fs/promises');
    await rm(`${project.path}/.llmform/ledger.json`);
    const { out } = await project.run('plan', '--prune', '--format', 'json');
    const orphans = JSON.parse(out).changes.filter(({ action }: { action: string }) => action === 'orphan');
    expect(orphans.map(({ address }: { address: string }) => address)).toEqual(
      NAMES.map((name) => `anam/LLM/${name}`),
    );
    expect(out).not.toContain('"action": "delete"');
  });
});
