import { describe, expect, it, vi } from 'vitest';
import { failureIn } from '../support/output-schemas.js';
import { anamLlms, anamProject, emulate, projectFile, writesTo } from '../support/project.js';

async function applied() {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms('support'));
  await project.run('apply', '--auto-approve');
  anam.requests.length = 0;
  return { anam, project, ledger: await project.read('.llmform/ledger.json') };
}

describe('the ledger, as the commands meet it', () => {
  it.each<[string, (ledger: string) => string, string[]]>([
    ['cut off', (text) => text.slice(0, 100), ['is damaged', 'Restore', 'llmform plan --adopt']],
    ['empty', () => '', ['is damaged', 'it is empty']],
    [
      'nested too deep',
      (text) => text.replace('{', () => `{"later":${'['.repeat(50_000)}${']'.repeat(50_000)},`),
      ['is damaged', 'nested more than 200 levels deep'],
    ],
    ['in a merge conflict', (text) => `<<<<<<< HEAD\n${text}`, ['the marks of a merge conflict']],
    [
      'of a newer version',
      (text) => text.replace('"formatVersion": 2', '"formatVersion": 3'),
      ['upgrade llmform'],
    ],
  ])('that is %s stops plan and apply, and stays as it is', async (_what, damage, words) => {
    const { anam, project, ledger } = await applied();
    const damaged = damage(ledger);
    await project.write({ '.llmform/ledger.json': damaged });
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, out, err } = await project.run(...command);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('error[ledger] the ledger .llmform/ledger.json');
      for (const word of words) expect(err).toContain(word);
      expect(err).not.toContain('    at ');
      const json = await project.run(...command, '--format', 'json');
      expect(failureIn(json.out)).toEqual([expect.objectContaining({ code: 'ledger' })]);
    }
    expect(await project.read('.llmform/ledger.json')).toBe(damaged);
    expect(anam.requests).toEqual([]);
  });

  it('of another project stops them too', async () => {
    const { anam, project } = await applied();
    await project.write({ 'llmform.yaml': projectFile(anam.url).replace('name: shop', 'name: other') });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(4);
    expect(err).toContain('belongs to project "shop", and this project is "other"');
    expect(err).toContain('Write `name: shop` into llmform.yaml');
    expect(writesTo(anam)).toEqual([]);
  });

  it('of format 1 is carried over by the next apply, and the plan says so', async () => {
    const { project, ledger } = await applied();
    const { formatVersion: _, lineage: __, serial: ___, targets: ____, ...rest } = JSON.parse(ledger);
    await project.write({ '.llmform/ledger.json': JSON.stringify({ formatVersion: 1, ...rest }) });
    const plan = await project.run('plan', '--detailed-exitcode');
    expect(plan.code).toBe(0);
    expect(plan.err).toContain('the ledger .llmform/ledger.json is of format 1');
    await project.write({ 'llms/other.yaml': anamLlms('other')['llms/other.yaml'] ?? '' });
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    const written = JSON.parse(await project.read('.llmform/ledger.json'));
    expect(written).toMatchObject({ formatVersion: 2, serial: expect.any(Number), salt: rest.salt });
    expect(written.carriedFrom).toBeUndefined();
    expect((await project.run('plan')).err).not.toContain('format 1');
  });

  it('that cannot be written stops apply before the first request', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      ...anamLlms('support'),
      '.llmform': 'a file, not a folder',
    });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(1);
    expect(err).toContain('error[ledger] .llmform/ledger.json');
    expect(err).not.toContain('    at ');
    expect(anam.requests).toEqual([]);
  });

  it('is held by one apply at a time; plan may go on', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'hang' } });
    const first = project.start('apply', '--auto-approve');
    await vi.waitFor(() => expect(writesTo(anam)).toHaveLength(1), { timeout: 20_000 });

    const second = await project.run('apply', '--auto-approve');
    expect(second.code).toBe(1);
    expect(second.err).toContain('another apply holds the ledger .llmform/ledger.json');
    expect(second.err).toContain(`It is process ${first.pid} on `);
    expect((await project.run('plan')).code).toBe(0);
    expect(writesTo(anam)).toHaveLength(1);

    first.kill('SIGKILL');
    await first;
    // Whoever died cannot hold it.
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });
});
