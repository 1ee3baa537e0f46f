import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/leaks.js';
import { anamLlm, anamLlms, anamProject, emulate, KEYS, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';
import { watching } from '../support/watching.js';

describe('llmform watch', () => {
  it('heals drift within one interval, and writes nothing else', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'));
    expect((await project.run('apply', '--auto-approve')).code).toBe(0);
    const daemon = watching(project, '--mode', 'heal', '--interval', '300ms');
    await daemon.runsMore(1);
    const id = String(anam.objects('LLM')[0]?.id);
    anam.requests.length = 0;
    anam.put('LLM', { id, modelName: 'gpt-3.5' });
    await daemon.until(() => anam.objects('LLM')[0]?.modelName === 'gpt-4o');
    await daemon.until(() => daemon.runs().some(({ result }) => result === 'success'));
    await daemon.runsMore(2);
    expect(writesTo(anam)).toEqual([`PUT /v1/llms/${id}`]);
    expect(daemon.runs().at(-1)).toMatchObject({ result: 'no_change', trigger: 'interval', target: 'anam' });
    expect(await daemon.end()).toBe(0);
  });

  it('only observes unless it is told otherwise: it never writes', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const daemon = watching(project, '--interval', '150ms');
    await daemon.runsMore(4);
    expect(writesTo(anam)).toEqual([]);
    expect(daemon.runs().every(({ result }) => result === 'drift')).toBe(true);
    expect(daemon.runs()[0]).toMatchObject({
      changes: 1,
      left: ['create anam/LLM/a'],
      fingerprint: expect.stringMatching(/^sha256:/),
      held: ['the mode is observe: nothing is written'],
    });
    await expect(project.read('.llmform/ledger.json')).rejects.toThrow('ENOENT');
    await daemon.end();
  });

  it('heals without deleting, applies within the guards, and prunes nothing unasked', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'));
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/b.yaml': anamLlm('c') });
    const daemon = watching(project, '--mode', 'apply', '--interval', '200ms');
    await daemon.until(() => anam.objects('LLM').length === 3);
    await daemon.runsMore(2);
    expect(writesTo(anam).filter((write) => write.startsWith('DELETE'))).toEqual([]);
    await daemon.end();
  });

  it('logs JSON lines with the documented members, and no secret', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    // The vendor echoes a secret where it can be seen.
    anam.put('LLM', { displayName: KEYS.OPENAI });
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms', '--log-level', 'debug');
    await daemon.runsMore(2);
    await daemon.end();
    const [first = { ts: '' }] = daemon.runs();
    expect(first).toMatchObject({
      level: 'info',
      target: 'anam',
      msg: expect.any(String),
      reconcileId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      durationMs: expect.any(Number),
    });
    expect(new Date(first.ts).toISOString()).toBe(first.ts);
    expect(daemon.text().trim().split('\n')).toHaveLength(daemon.lines().length);
    expect(leaksIn(new Map([['log', daemon.text()]]), Object.values(KEYS))).toEqual([]);
  });

  it('says nothing but errors when it is asked to', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const { code, err } = await project.run('watch', '--once', '--mode', 'heal', '--log-level', 'error');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('ends with 1, as plan does, when the project is broken from the start', async () => {
    const project = await anamProject('http://127.0.0.1:1', { 'llms/a.yaml': 'kind: [' });
    const { code, err } = await project.run('watch', '--listen', 'off');
    expect(code).toBe(1);
    expect(err).toContain('llms/a.yaml:1');
  });

  it.each([
    ['--interval', '10', 'such as 10m'],
    ['--mode', 'fix', 'observe, heal, apply'],
    ['--listen', 'nowhere', 'host:port'],
    ['--approve', 'yes', 'sha256:'],
  ])('refuses %s %s', async (flag, value, hint) => {
    const project = await anamProject('http://127.0.0.1:1', anamLlms('a'));
    const { code, err } = await project.run('watch', flag, value);
    expect(code).toBe(1);
    expect(err).toContain(hint);
  });
});

describe('secrets of llmform watch', () => {
  it('stay unseen beside one that is far too long', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, {
      'llms/a.yaml': anamLlm('a'),
      'llms/b.yaml': anamLlm('b').replace('{ fromEnv: OPENAI }', '{ fromFile: notes.txt }'),
      'notes.txt': 'x7'.repeat(30_000),
    });
    const { code, out, err } = await project.run('watch', '--once', '--mode', 'heal', '--listen', 'off');
    expect(code).toBe(1);
    expect(err).toContain('the file notes.txt gives a secret of 60000 bytes');
    expect(leaksIn(new Map([['said', out + err]]), Object.values(KEYS))).toEqual([]);
    expect(writesTo(anam)).toEqual([]);
  });

  it('stay unseen where a manifest spells one out, which ends the run before anything is asked', async () => {
    const anam = await emulate('anam');
    const described = anamLlm('a', 'gpt-4o', `  description: The key is ${KEYS.OPENAI}.\n`);
    const project = await anamProject(anam.url, { 'llms/a.yaml': described });
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
    await daemon.runsMore(1);
    await daemon.end();
    expect(daemon.runs()[0]).toMatchObject({
      result: 'terminal',
      err: {
        code: 'secret-literal',
        message: 'this file spells out the secret that comes from the environment variable OPENAI',
      },
    });
    expect(leaksIn(new Map([['log', daemon.text()]]), Object.values(KEYS))).toEqual([]);
    expect(anam.requests).toEqual([]);
  });
});

describe('llmform watch --once', () => {
  it('ends with the exit codes of the commands', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'));
    const once = async (...args: string[]) => (await project.run('watch', '--once', ...args)).code;
    expect(await once()).toBe(2);
    expect(await once('--mode', 'heal')).toBe(0);
    expect(await once('--mode', 'heal')).toBe(0);
    expect(await once()).toBe(0);

    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: 'gpt-3.5' });
    anam.put('LLM', { id: String(anam.objects('LLM')[1]?.id), modelName: 'gpt-3.5' });
    anam.faults.push({ match: { method: 'PUT' }, times: 1, effect: { type: 'status', status: 400 } });
    expect(await once('--mode', 'heal')).toBe(3);
    expect(await once('--mode', 'heal')).toBe(0);

    anam.faults.push({ effect: { type: 'status', status: 401 } });
    expect(await once('--mode', 'heal')).toBe(1);
  });

  it('ends with 3 where one target of two cannot be read, and the other one is in line', async () => {
    const anam = await emulate('anam');
    const more =
      '  other:\n    vendor: anam\n    baseUrl: http://127.0.0.1:1\n    auth: { fromEnv: ANAM_KEY }\n';
    const llm = (name: string, target: string) =>
      anamLlm(name).replace(`name: ${name} }`, `name: ${name}, target: ${target} }`);
    const manifests = { 'llms/a.yaml': llm('a', 'anam'), 'llms/b.yaml': llm('b', 'other') };
    const project = await anamProject(anam.url, manifests, more);
    expect((await project.run('watch', '--once', '--mode', 'heal')).code).toBe(3);
    expect(anam.objects('LLM')).toHaveLength(1);
    expect(parsed(await project.read('.llmform/ledger.json')).objects).toHaveProperty('anam/LLM/a');
  });

  it('ends with 130 when it is interrupted', async () => {
    const anam = await emulate('anam');
    anam.faults.push({ effect: { type: 'hang' } });
    const project = await anamProject(anam.url, anamLlms('a'));
    const daemon = watching(project, '--once');
    await daemon.until(() => anam.requests.length > 0);
    expect(await daemon.end('SIGINT')).toBe(130);
  });
});
