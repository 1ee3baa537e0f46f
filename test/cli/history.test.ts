import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import type { HistoryEntry } from '../../src/model/history.js';
import { openHub } from '../support/git-repository.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  KEYS,
  later,
  type Project,
  projectFile,
  write,
} from '../support/project.js';
import { llmform } from '../support/run-cli.js';

async function entriesOf(run: (...args: string[]) => Promise<{ out: string }>, ...args: string[]) {
  const { out } = await run('history', '--format', 'json', ...args);
  const document = JSON.parse(out) as { formatVersion: string; entries: HistoryEntry[] };
  expect(document.formatVersion).toBe('1');
  return document.entries;
}

async function open(manifests = anamLlms('support', 'sales')) {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, manifests);
  project.env.USER = 'ada';
  const apply = (...args: string[]) => project.run('apply', '--auto-approve', ...args);
  return { anam, project, apply };
}

const ledgerOf = async (project: Project) => JSON.parse(await project.read('.llmform/ledger.json'));

describe('llmform history', () => {
  it('says when, who and what, newest first, with each value before and after, and no secret', async () => {
    const { project, apply } = await open();
    await apply();
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    expect((await project.runWith({ OPENAI: 'sk-openai-secret-2' }, 'apply', '--auto-approve')).code).toBe(0);

    const entries = await entriesOf(project.run);
    expect(
      entries
        .map(({ action, address }) => `${action} ${address}`)
        .slice(0, 2)
        .sort(),
    ).toEqual(['update anam/LLM/sales', 'update anam/LLM/support']);
    expect(entries.slice(2).map(({ action }) => action)).toEqual(['create', 'create']);
    expect(entries.find(({ address }) => address === 'anam/LLM/support')).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      runId: expect.any(String),
      command: 'apply',
      by: { actor: 'ada', host: expect.any(String) },
      address: 'anam/LLM/support',
      action: 'update',
      status: 'applied',
      id: expect.any(String),
      fields: [
        { path: '/modelName', before: 'gpt-4o', after: 'gpt-5' },
        { path: '/secret', sensitive: true },
      ],
    });
    const text = await project.run('history', 'anam/LLM/support');
    expect(text.code).toBe(0);
    expect(text.out).toContain('apply, by ada@');
    expect(text.out).toContain('update anam/LLM/support');
    expect(text.out).toContain('/modelName  "gpt-4o" → "gpt-5"');
    expect(text.out).not.toContain('anam/LLM/sales');
    for (const kept of [JSON.stringify(entries), text.out, await project.read('.llmform/history.jsonl')])
      expect(kept).not.toMatch(/sk-openai|emulator-key/);
  });

  it('shows as many changes as are asked for, of a target or a kind as well', async () => {
    const { project, apply } = await open();
    await apply();
    expect(await entriesOf(project.run, '--limit', '1')).toHaveLength(1);
    expect(await entriesOf(project.run, '--limit', '0')).toHaveLength(2);
    expect(await entriesOf(project.run, 'anam/LLM')).toHaveLength(2);
    expect(await entriesOf(project.run, 'anam/LLM/sale')).toEqual([]);
    expect((await project.run('history', '-n', '1')).err).toContain('1 older changes are not shown');
    expect((await project.run('history', 'anam/LLM/sale')).err).toContain('Did you mean "anam/LLM/sales"?');
  });

  it('needs no credential and no sound manifest, and begins empty', async () => {
    const { project } = await open({ 'llms/a.yaml': 'kind: [' });
    const { code, out, err } = await project.runWith({ ANAM_KEY: '' }, 'history');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('The history is empty');
  });

  it('has nothing of an apply that changes nothing, which leaves the entries of the ledger as they are', async () => {
    const { project, apply } = await open();
    await apply();
    const [{ runId } = { runId: '' }] = await entriesOf(project.run);
    const before = (await ledgerOf(project)).objects;
    expect(before['anam/LLM/support']).toMatchObject({ run: runId, at: expect.stringMatching(/Z$/) });
    await apply();
    expect((await ledgerOf(project)).objects).toEqual(before);
    expect(await entriesOf(project.run)).toHaveLength(2);
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    await apply();
    const after = (await ledgerOf(project)).objects;
    expect(after['anam/LLM/sales']).toEqual(before['anam/LLM/sales']);
    expect(after['anam/LLM/support'].run).not.toBe(runId);
  });

  it('keeps the first part of a long value', async () => {
    const prompt = 'word '.repeat(2_000);
    const { project, apply } = await open({
      'llms/support.yaml': anamLlm('support', 'gpt-4o', `  description: ${JSON.stringify(prompt)}\n`),
    });
    await apply();
    const [entry] = await entriesOf(project.run);
    const field = entry?.fields.find(({ path }) => path === '/description');
    expect(field).toMatchObject({ shortened: true });
    expect(String(field?.after)).toMatch(/^word .*… \(10000 characters\)$/s);
    expect(String(field?.after).length).toBeLessThan(2_100);
  });

  it('has what failed, and not what was left alone', async () => {
    const { anam, project, apply } = await open();
    await apply();
    anam.faults.push({ match: { method: 'PUT' }, effect: { type: 'status', status: 400 } });
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    expect((await apply()).code).toBe(3);
    expect((await entriesOf(project.run))[0]).toMatchObject({
      address: 'anam/LLM/support',
      status: 'failed',
      error: 'invalid',
    });
  });

  it('has all that the ledger has of an apply that was killed', async () => {
    const { anam, project } = await open(anamLlms('a', 'b', 'c'));
    anam.faults.push({ match: { method: 'POST' }, skip: 2, effect: { type: 'hang' } });
    const running = project.start('apply', '--auto-approve');
    const recorded = () =>
      ledgerOf(project).then(
        ({ objects }) => Object.keys(objects),
        () => [] as string[],
      );
    await vi.waitFor(async () => expect(await recorded()).toHaveLength(2), { timeout: 20_000 });
    running.kill('SIGKILL');
    await running;
    const known = (await entriesOf(project.run)).map(({ address }) => address);
    expect(known).toEqual(expect.arrayContaining(await recorded()));
  });

  it('tells the commit of the manifests, and that the files differ from it', async () => {
    const { project, apply } = await open();
    const git = (...args: string[]) =>
      execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@test', ...args], { cwd: project.path });
    await git('init', '--quiet');
    await git('add', 'llms', 'llmform.yaml');
    await git('commit', '--quiet', '-m', 'x');
    const { stdout: commit } = await git('rev-parse', 'HEAD');
    await project.write({ 'notes.md': 'not a manifest' });
    await apply();
    expect((await entriesOf(project.run))[0]?.commit).toBe(commit);
    await project.write({ 'llms/more.yaml': anamLlm('more') });
    await apply();
    expect((await entriesOf(project.run))[0]?.commit).toBe(`${commit}-dirty`);
    expect((await project.run('history')).out).toContain(`from ${commit.slice(0, 10)}-dirty`);
  });

  it('tells what heal put right from what watch applied', async () => {
    const { anam, project, apply } = await open(anamLlms('support'));
    await apply();
    const id = String(anam.objects('LLM')[0]?.id);
    anam.put('LLM', { id, modelName: 'gpt-3' });
    expect((await project.run('watch', '--once', '--mode', 'heal')).code).toBe(0);
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    expect((await project.run('watch', '--once', '--mode', 'apply')).code).toBe(0);
    expect(await entriesOf(project.run)).toMatchObject([
      { command: 'watch', by: { actor: 'ada' }, fields: [{ before: 'gpt-4o', after: 'gpt-5' }] },
      { command: 'heal', fields: [{ path: '/modelName', before: 'gpt-3', after: 'gpt-4o' }] },
      { command: 'apply' },
    ]);
  });

  it('passes over a line that a crash cut off, and names one that is damaged', async () => {
    const { project, apply } = await open();
    await apply();
    await appendFile(join(project.path, '.llmform/history.jsonl'), 'broken\n{"at":"2026-');
    const { code, out, err } = await project.run('history', '--format', 'json');
    expect({ code, entries: JSON.parse(out).entries.length }).toEqual({ code: 0, entries: 2 });
    expect(err).toContain('a part of the history cannot be read: .llmform/history.jsonl:3');
    expect(err).not.toContain('jsonl:4');
  });

  it('is shared by the runners of a CI through the git ledger, with who it was and where it ran', async () => {
    const anam = await emulate('anam');
    const hub = await openHub();
    later(() => hub.remove());
    const env = {
      ...KEYS,
      ...hub.env,
      LLMFORM_ALLOWED_HOSTS: new URL(anam.url).host,
      GITLAB_CI: 'true',
      GITLAB_USER_LOGIN: 'bob',
      CI_JOB_URL: 'https://gitlab.example/jobs/5',
      CI_MERGE_REQUEST_IID: '12',
    };
    const files = {
      'llmform.yaml': projectFile(anam.url, 'ledger: { type: git }\n'),
      ...anamLlms('support'),
    };
    const runner = async (name: string) => {
      const cwd = await hub.clone(name);
      await write(cwd, files);
      return { cwd, run: (...args: string[]) => llmform(args, { cwd, env }) };
    };
    const { run, cwd } = await runner('first');
    const head = await hub.git(cwd, 'rev-parse', 'HEAD');
    expect(await run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await entriesOf((await runner('second')).run)).toMatchObject([
      {
        command: 'apply',
        by: { actor: 'bob', run: 'https://gitlab.example/jobs/5', pullRequest: 12 },
        commit: `${head}-dirty`,
        address: 'anam/LLM/support',
        action: 'create',
      },
    ]);
    const body = await hub.git(hub.bare, 'log', '-1', '--format=%b', 'refs/llmform/ledger');
    for (const line of ['Actor: bob', 'Pull-Request: 12', `Manifests: ${head}-dirty`])
      expect(body.split('\n')).toContain(line);
  });
});
