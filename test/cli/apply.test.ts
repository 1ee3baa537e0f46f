import { describe, expect, it } from 'vitest';
import { failureIn, planIn, reportIn } from '../support/output-schemas.js';
import { anamLlm, anamLlms, anamProject, emulate, KEYS, namesAt, writesTo } from '../support/project.js';

describe('llmform apply', () => {
  it('writes what the plan says, records it, and leaves an empty second plan', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support', 'sales'));
    const { code, out } = await project.run('apply', '--auto-approve');
    expect(code).toBe(0);
    expect(out).toContain('Plan: 2 to create');
    expect(out).toMatch(/2 applied/i);
    expect(namesAt(anam)).toEqual(['sales', 'support']);
    const ledger = await project.read('.llmform/ledger.json');
    expect(ledger).toContain('"anam/LLM/support"');
    expect(ledger).not.toContain(KEYS.OPENAI);
    expect(planIn((await project.run('plan', '--format', 'json')).out).changes).toEqual([]);
  });

  it('prints one JSON report that follows its schema; the plan goes to the error stream', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const first = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(reportIn(first.out)).toMatchObject({
      summary: { applied: 1, failed: 0, stale: 0, skipped: 0 },
      outcomes: [{ address: 'anam/LLM/support', action: 'create', status: 'applied' }],
    });
    expect(first.err).toContain('+ create LLM/support');
    const second = await project.run('apply', '--auto-approve', '--format', 'json', '--quiet');
    expect(second).toMatchObject({ code: 0, err: '' });
    expect(reportIn(second.out)).toMatchObject({
      summary: { applied: 0 },
      requests: { write: 0 },
      outcomes: [],
    });
  });

  it('prints markdown', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { code, out } = await project.run('apply', '--auto-approve', '--format', 'markdown', '-q');
    expect(code).toBe(0);
    expect(out).toContain('LLM/support');
    expect(out).not.toContain('POST /v1/llms');
  });

  it('needs no approval, and sends nothing, where there is nothing to do', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    await project.run('apply', '--auto-approve');
    anam.requests.length = 0;
    expect((await project.run('apply')).code).toBe(0);
    expect(writesTo(anam)).toEqual([]);
  });

  it.each(['text', 'json', 'markdown'])('refuses without approval, in %s', async (format) => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { code, out, err } = await project.run('apply', '--format', format);
    expect(code).toBe(4);
    expect(`${out}${err}`).toContain('--auto-approve');
    expect(err).toContain('Nothing was applied.');
    if (format === 'json') expect(failureIn(out)).toHaveLength(1);
    expect(writesTo(anam)).toEqual([]);
    await expect(project.read('.llmform/ledger.json')).rejects.toThrow('ENOENT');
  });

  it('tells of what failed, does the rest, and ends with 3', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b', 'c'));
    anam.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'status', status: 422, body: { message: `no, ${KEYS.OPENAI} is not right` } },
    });
    const { code, out, err } = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(code).toBe(3);
    expect(reportIn(out).summary).toEqual({ applied: 2, failed: 1, stale: 0, skipped: 0 });
    expect(out + err).not.toContain(KEYS.OPENAI);
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(3);
  });

  it('ends with 3 where the vendor did not keep a field, and names it', async () => {
    const anam = await emulate('anam', { options: { unlisted: 'drop' } });
    const project = await anamProject(anam.url, {
      'llms/support.yaml': anamLlm('support', 'gpt-4o', '  temperature: 0.5\n'),
    });
    const { code, out } = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(code).toBe(3);
    expect(Object.values(reportIn(out).outcomes ?? {})).toEqual([
      expect.objectContaining({ status: 'applied', notPersisted: ['/temperature'] }),
    ]);
  });

  it('shows an adoption and leaves it alone, until --adopt', async () => {
    const anam = await emulate('anam');
    anam.put('LLM', { displayName: 'support', modelName: 'gpt-4o', llmFormat: 'openai' });
    const project = await anamProject(anam.url, anamLlms('support'));
    const without = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(without.code).toBe(3);
    expect(reportIn(without.out).summary).toMatchObject({ skipped: 1 });
    expect(writesTo(anam)).toEqual([]);
    const adopted = await project.run('apply', '--auto-approve', '--adopt', '--format', 'json');
    expect(adopted.code).toBe(0);
    expect(reportIn(adopted.out).summary).toMatchObject({ applied: 1 });
    expect(anam.objects('LLM')).toHaveLength(1);
  });
});

describe('the guards of llmform apply', () => {
  async function applied(count: number, settings = '') {
    const anam = await emulate('anam');
    const names = Array.from({ length: count }, (_, i) => `llm-${i}`);
    const project = await anamProject(anam.url, anamLlms(...names), settings);
    await project.run('apply', '--auto-approve', '-q');
    const drop = (...gone: string[]) =>
      project.write(Object.fromEntries(gone.map((name) => [`llms/${name}.yaml`, ''])));
    anam.requests.length = 0;
    return { anam, project, drop };
  }

  it('refuse a deletion, and print the command that allows it', async () => {
    const { anam, project, drop } = await applied(3);
    await drop('llm-0', 'llm-1');
    const refused = await project.run('apply', '--prune', '--auto-approve');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('this plan deletes or replaces 2 objects, and guards.maxDelete allows 0');
    expect(writesTo(anam)).toEqual([]);
    const command = /If that is right: llmform (.*)/.exec(refused.err)?.[1] ?? '';
    expect(command).toBe('apply --prune --auto-approve --max-delete 2');
    expect((await project.run(...command.split(' '))).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it('print one command where several of them refuse', async () => {
    const { anam, project, drop } = await applied(10);
    await drop('llm-0', 'llm-1', 'llm-2', 'llm-3');
    const refused = await project.run('apply', '--prune', '--max-delete', '1', '-y', '--format', 'json');
    expect(refused.code).toBe(4);
    const details = failureIn(refused.out).map(({ code, detail }) => `${code}: ${detail}`);
    const command = 'llmform apply --prune --auto-approve --max-delete 4 --max-delete-percent 40';
    expect(details).toEqual([`guard: If that is right: ${command}`, `guard: If that is right: ${command}`]);
    expect(writesTo(anam)).toEqual([]);
    expect((await project.run(...command.split(' ').slice(1))).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(6);
  });

  it('are those of the project file', async () => {
    const { project, drop } = await applied(2, 'guards: { maxDelete: 1 }\n');
    await drop('llm-0');
    expect((await project.run('apply', '--prune', '-y')).code).toBe(0);
  });
});
