import { describe, expect, it } from 'vitest';
import { planIn } from '../support/output-schemas.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  namesAt,
  type Project,
  projectFile,
  writesTo,
} from '../support/project.js';

async function planned(...flags: string[]) {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms('support'));
  await project.run('plan', '-o', 'plan.json', ...flags);
  return { anam, project, fingerprint: await fingerprintOf(project) };
}

async function fingerprintOf(project: Project): Promise<string> {
  return String(planIn(await project.read('plan.json')).fingerprint);
}

describe('a saved plan', () => {
  it('is applied as it was reviewed, and only with approval', async () => {
    const { anam, project } = await planned();
    expect((await project.run('apply', 'plan.json')).code).toBe(4);
    expect((await project.run('apply', 'plan.json', '--auto-approve')).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it.each<[string, (project: Project) => Promise<unknown>]>([
    ['a manifest', (project) => project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') })],
    ['the set of manifests', (project) => project.write(anamLlms('sales'))],
    ['the ledger', (project) => project.run('apply', '--auto-approve')],
  ])('is refused once %s has changed', async (_what, change) => {
    const { anam, project } = await planned();
    await change(project);
    anam.requests.length = 0;
    const { code, err } = await project.run('apply', 'plan.json', '--auto-approve');
    expect(code).toBe(4);
    expect(err).toContain('error[stale] this is not the plan that was reviewed');
    expect(err).toContain('Run llmform plan and review it again.');
    expect(writesTo(anam)).toEqual([]);
  });

  it('is refused once a live object has changed', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    await project.run('plan', '-o', 'plan.json');
    const id = String(anam.objects('LLM')[0]?.id);
    anam.put('LLM', { id, modelName: 'gpt-3.5' });
    expect((await project.run('apply', 'plan.json', '--auto-approve')).code).toBe(4);
    expect(anam.objects('LLM')[0]).toMatchObject({ modelName: 'gpt-3.5' });
  });

  it('runs once', async () => {
    const { anam, project } = await planned();
    await project.run('apply', 'plan.json', '--auto-approve');
    const again = await project.run('apply', 'plan.json', '--auto-approve');
    expect(again.code).toBe(4);
    expect(again.err).toContain('was applied already');
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it('runs once, also when what it made was deleted at the vendor', async () => {
    const { anam, project } = await planned();
    await project.run('apply', 'plan.json', '--auto-approve');
    for (const { id } of anam.objects('LLM')) anam.drop('LLM', String(id));
    const again = await project.run('apply', 'plan.json', '--auto-approve');
    expect(again.code).toBe(4);
    expect(again.err).toContain('was applied already');
    expect(anam.objects('LLM')).toEqual([]);
  });

  it('brings the options that it was made with', async () => {
    const { anam, project } = await planned();
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/support.yaml': '', ...anamLlms('sales') });
    await project.run('apply', '--auto-approve');
    await project.run('plan', '--prune', '-o', 'prune.json');
    const guarded = await project.run('apply', 'prune.json', '--auto-approve');
    expect(guarded.err).toContain('If that is right: llmform apply prune.json --auto-approve --max-delete 1');
    expect((await project.run('apply', 'prune.json', '-y', '--max-delete', '1')).code).toBe(0);
    expect(namesAt(anam)).toEqual(['sales']);
  });

  it('takes no other options', async () => {
    const { project } = await planned();
    const { code, err } = await project.run('apply', 'plan.json', '--prune', '--target', 'anam', '-y');
    expect(code).toBe(1);
    expect(err).toContain('--target and --prune cannot be given together with a saved plan');
  });

  it('belongs to one project', async () => {
    const { anam, project } = await planned();
    await project.write({ 'llmform.yaml': projectFile(anam.url).replace('name: shop', 'name: other') });
    const { code, err } = await project.run('apply', 'plan.json', '-y');
    expect(code).toBe(1);
    expect(err).toContain('a plan for project "shop", and this project is "other"');
  });

  it.each([
    ['missing', 'missing.json', 'missing.json cannot be read: no such file'],
    ['not JSON', 'llmform.yaml', 'this is not a saved plan'],
    ['of another version', 'newer.json', 'It was made by another version of llmform'],
  ])('that is %s is refused with a reason', async (_what, file, words) => {
    const { anam, project } = await planned();
    const plan = await project.read('plan.json');
    await project.write({ 'newer.json': plan.replace('"formatVersion": "1"', '"formatVersion": "2"') });
    const { code, err } = await project.run('apply', file, '-y');
    expect(code).toBe(1);
    expect(err).toContain(words);
    expect(writesTo(anam)).toEqual([]);
  });
});

describe('--fingerprint', () => {
  it('lets the plan pass that was reviewed, and no other', async () => {
    const { anam, project, fingerprint } = await planned();
    await project.write(anamLlms('sales'));
    const other = await project.run('apply', '--auto-approve', '--fingerprint', fingerprint);
    expect(other.code).toBe(4);
    expect(other.err).toContain(fingerprint);
    expect(writesTo(anam)).toEqual([]);
    await project.run('plan', '-o', 'plan.json');
    const now = await fingerprintOf(project);
    expect((await project.run('apply', '--auto-approve', '--fingerprint', now)).code).toBe(0);
  });
});
