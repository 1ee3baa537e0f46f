import { mkdir, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { lockStateFolder } from '../../src/watch/source/state-lock.js';
import { openHub } from '../support/git-repository.js';
import {
  anamLlm,
  emulate,
  folder,
  KEYS,
  later,
  namesAt,
  projectFile,
  write,
  writesTo,
} from '../support/project.js';
import { llmform, type Result } from '../support/run-cli.js';

interface Clone {
  path: string;
  anam: Emulator;
  run(...args: string[]): Promise<Result>;
  runWith(env: Record<string, string>, ...args: string[]): Promise<Result>;
  git(...args: string[]): Promise<string>;
  commit(files: Record<string, string | undefined>): Promise<string>;
  apply(...flags: string[]): Promise<void>;
}

/** A clone with one object that was applied at its first commit. */
async function openClone(settings = '', below = '.'): Promise<Clone & { first: string }> {
  const anam = await emulate('anam');
  const hub = await openHub();
  later(() => hub.remove());
  const root = await hub.clone('work');
  const path = join(root, below);
  const runWith = (env: Record<string, string>, ...args: string[]) =>
    llmform(args, { cwd: path, env: { ...KEYS, ...hub.env, ...env } });
  const clone: Clone = {
    path,
    anam,
    runWith,
    run: (...args) => runWith({}, ...args),
    git: (...args) => hub.git(root, ...args),
    commit: (files) =>
      hub.commit(
        root,
        Object.fromEntries(Object.entries(files).map(([name, text]) => [join(below, name), text])),
      ),
    async apply(...flags) {
      const { code, out, err } = await clone.run('apply', '--auto-approve', ...flags);
      expect({ code, out, err }).toMatchObject({ code: 0 });
    },
  };
  const first = await clone.commit({
    'llmform.yaml': projectFile(anam.url, settings),
    'llms/support.yaml': anamLlm('support', 'gpt-4o'),
    '.gitignore': '.llmform/\n',
  });
  await clone.apply();
  return { ...clone, first };
}

const modelOf = ({ anam }: Clone, name: string) =>
  anam.objects('LLM').find(({ displayName }) => displayName === name)?.modelName;

describe('--at', () => {
  it.each([
    ['git', 'ledger: { type: git }\n', '.'],
    ['file, in a folder of the repository', '', 'envs/prod'],
  ])(
    'plans and applies the manifests of a commit with the ledger of today (%s)',
    async (_type, settings, at) => {
      const clone = await openClone(settings, at);
      await clone.commit({ 'llms/support.yaml': anamLlm('support', 'gpt-5', '  description: New.\n') });
      await clone.apply();
      const status = await clone.git('status', '--porcelain');

      const plan = await clone.run('plan', '--at', 'HEAD~1', '--detailed-exitcode');
      expect(plan.code).toBe(2);
      expect(plan.out).toContain('/modelName  "gpt-5" → "gpt-4o"');
      expect(plan.out).toContain(
        `Project file and manifests are those of commit ${clone.first.slice(0, 12)}`,
      );
      expect(plan.err).toContain('anam/LLM/support keeps /description');
      expect(plan.err).toContain('secrets are those of today');
      await clone.apply('--at', clone.first);
      expect(modelOf(clone, 'support')).toBe('gpt-4o');
      expect(clone.anam.objects('LLM')).toHaveLength(1);
      expect(await clone.git('status', '--porcelain')).toBe(status);
      expect((await clone.run('plan', '--at', clone.first, '--detailed-exitcode')).code).toBe(0);
    },
  );

  it('says which objects get another id', async () => {
    const clone = await openClone();
    await clone.commit({ 'llms/support.yaml': undefined, 'llms/sales.yaml': anamLlm('sales') });
    await clone.apply('--prune', '--max-delete', '1');
    const { code, err, out } = await clone.run('plan', '--at', clone.first);
    expect(code).toBe(0);
    expect(err).toContain('warning[rollback] 1 object is made anew, with another id than at that commit');
    expect(out).toContain('orphan LLM/sales');
    await clone.apply('--at', clone.first);
    expect(namesAt(clone.anam)).toEqual(['sales', 'support']);
  });

  it('reads secrets and authorities as they are today', async () => {
    const clone = await openClone();
    const file = anamLlm('other').replace('{ fromEnv: OPENAI }', '{ fromFile: key }');
    const then = await clone.commit({ 'llms/other.yaml': file, '.gitignore': '.llmform/\nkey\n' });
    await write(clone.path, { key: 'sk-file-secret-12345678' });
    await clone.commit({ 'llms/other.yaml': undefined });
    await clone.apply('--at', then);
    const [other] = clone.anam.objects('LLM').filter(({ displayName }) => displayName === 'other');
    expect(clone.anam.secrets('LLM', String(other?.id))).toEqual({ secret: 'sk-file-secret-12345678' });
  });

  it('has a fingerprint of its own, and goes into a saved plan', async () => {
    const clone = await openClone();
    const here = JSON.parse((await clone.run('plan', '--format', 'json')).out);
    const there = JSON.parse((await clone.run('plan', '--at', 'HEAD', '--format', 'json')).out);
    expect(there.options.at).toBe(clone.first);
    expect(there.fingerprint).not.toBe(here.fingerprint);

    await clone.commit({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    await clone.apply();
    expect(await clone.run('plan', '--at', 'HEAD~1', '-o', 'back.json')).toMatchObject({ code: 0 });
    // A branch that moves on does not change what was saved.
    await clone.commit({ 'llms/support.yaml': anamLlm('support', 'gpt-6') });
    const both = await clone.run('apply', 'back.json', '--at', 'HEAD', '--auto-approve');
    expect(both).toMatchObject({ code: 1, err: expect.stringContaining('--at cannot be given together') });
    await clone.apply('back.json');
    expect(modelOf(clone, 'support')).toBe('gpt-4o');
  });

  it('runs no filter, follows no link out of the project, and leaves no folder behind', async () => {
    const clone = await openClone();
    await mkdir(join(clone.path, 'llms'), { recursive: true });
    await symlink('/etc', join(clone.path, 'llms', 'out'));
    const marker = join(clone.path, '..', 'filtered');
    await clone.commit({ '.gitattributes': '*.yaml filter=evil\n' });
    await clone.git('config', '--global', 'filter.evil.smudge', `touch ${marker}; cat`);
    const TMPDIR = await folder();
    const plan = await clone.runWith({ TMPDIR }, 'plan', '--at', 'HEAD');
    expect(plan).toMatchObject({ code: 0 });
    expect(plan.err).toContain('warning[unseen] the link "llms/out" leads out of the project');
    const pruning = await clone.runWith({ TMPDIR }, 'plan', '--at', 'HEAD', '--prune');
    expect(pruning).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('what was not seen is not absent'),
    });
    expect(await readdir(join(clone.path, '..'))).not.toContain('filtered');
    expect(await readdir(TMPDIR)).toEqual([]);
  });

  it.each([
    ['no-such-commit', 'this repository has no such commit'],
    ['--upload-pack=x', 'no such name'],
    ['HEAD~1', 'it has no llmform.yaml'],
  ])('says why %s cannot be read', async (name, why) => {
    const clone = await openClone();
    const { code, err, out } = await clone.run('plan', `--at=${name}`);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error[usage]');
    expect(err).toContain(why);
    expect(err).not.toContain('    at ');
  });

  it('names mistakes of that commit by their place in the project', async () => {
    const clone = await openClone();
    const broken = await clone.commit({ 'llms/support.yaml': anamLlm('support').replace('spec:', 'spex:') });
    await clone.commit({ 'llms/support.yaml': anamLlm('support') });
    const { code, err } = await clone.run('plan', '--at', broken);
    expect(code).toBe(1);
    expect(err).toContain('llms/support.yaml:5');
    expect(err).not.toContain(tmpdir());
  });
});

describe('a running watch that would undo it', () => {
  it('has apply refuse until its targets are suspended', async () => {
    const clone = await openClone();
    await clone.commit({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    await clone.apply();
    clone.anam.requests.length = 0;
    // The test process plays the watch: its state folder is locked by one that lives.
    const watch = lockStateFolder(join(clone.path, '.llmform'));
    later(async () => watch.release());
    const planned = await clone.run('plan', '--at', clone.first);
    expect(planned).toMatchObject({ code: 0 });
    expect(planned.err).toContain('warning[rollback] a running watch would undo this on anam');
    const refused = await clone.run('apply', '--at', clone.first, '--auto-approve');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('llmform suspend anam');
    expect(writesTo(clone.anam)).toEqual([]);
    // Today's manifests are what the watch wants as well.
    await clone.apply();

    expect(await clone.run('suspend', 'anam')).toMatchObject({ code: 0 });
    await clone.apply('--at', clone.first);
    expect(modelOf(clone, 'support')).toBe('gpt-4o');
  });
});

describe('--at of a commit from before a rename', () => {
  it('is refused with the way out, and makes no second object', async () => {
    const clone = await openClone();
    await clone.commit({
      'llms/support.yaml': undefined,
      'llms/helpdesk.yaml': anamLlm('support').replace('{ name: support }', '{ name: helpdesk }'),
      'llms/ledger.yaml':
        'apiVersion: llmform/v1\nkind: Ledger\nproject: shop\nmoved: [{ from: anam/LLM/support, to: anam/LLM/helpdesk }]\n',
    });
    await clone.apply();
    clone.anam.requests.length = 0;
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, err } = await clone.run(...command, '--at', clone.first);
      expect(code).toBe(4);
      expect(err).toContain('is from before anam/LLM/support was moved to anam/LLM/helpdesk');
      expect(err).toContain('moved: [{ from: anam/LLM/helpdesk, to: anam/LLM/support }]');
    }
    expect(writesTo(clone.anam)).toEqual([]);
  });
});
