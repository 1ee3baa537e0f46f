import { execFile } from 'node:child_process';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AUTHOR, openHub } from '../support/git-repository.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  folder,
  later,
  namesAt,
  openProject,
  type Project,
  projectFile,
  write,
  writesTo,
} from '../support/project.js';
import { parsed } from '../support/run-cli.js';

const TWO = 'manifests: ["llms/**/*.yaml", "agents/*.yaml"]';
const twoPatterns = (url: string) => projectFile(url).replace(/manifests:.*/, TWO);

/** Both are applied, and then the one in `agents` is taken out of sight. */
async function applied(hide: (project: Project) => Promise<unknown>) {
  const anam = await emulate('anam');
  const project = await openProject(
    { 'llmform.yaml': twoPatterns(anam.url), ...anamLlms('a'), 'agents/b.yaml': anamLlm('b') },
    { ANAM_KEY: 'anam-emulator-key', OPENAI: 'sk-openai-secret-1' },
  );
  expect((await project.run('apply', '--auto-approve')).code).toBe(0);
  await hide(project);
  return { anam, project };
}

const move = (name: string) => async (project: Project) => {
  await mkdir(join(project.path, name, '..'), { recursive: true });
  await rename(join(project.path, 'agents'), join(project.path, name));
};

describe('manifests that cannot be seen', () => {
  it.each<[what: string, hide: (project: Project) => Promise<unknown>, words: string]>([
    [
      'a folder that is gone',
      (p) => rm(join(p.path, 'agents'), { recursive: true }),
      'There is no folder "agents"',
    ],
    ['a folder with a capital letter', move('Agents'), 'There is "Agents": capital and small letters'],
    [
      'a file with another ending',
      (p) => rename(join(p.path, 'agents/b.yaml'), join(p.path, 'agents/b.yml')),
      'There is "agents/b.yml", with another ending',
    ],
    [
      'a file in a dot folder',
      async (p) => {
        await mkdir(join(p.path, 'agents/.old'));
        await rename(join(p.path, 'agents/b.yaml'), join(p.path, 'agents/.b.yaml'));
      },
      'There is "agents/.b.yaml", but names that begin with a dot',
    ],
    [
      'a link that leads nowhere',
      async (p) => {
        await rm(join(p.path, 'agents'), { recursive: true });
        await symlink('../elsewhere', join(p.path, 'agents'));
      },
      'the link "agents" leads nowhere',
    ],
    [
      'a link out of the project',
      async (p) => {
        const outside = await folder({ 'b.yaml': anamLlm('b') });
        await rm(join(p.path, 'agents'), { recursive: true });
        await symlink(outside, join(p.path, 'agents'));
      },
      'the link "agents" leads out of the project',
    ],
    [
      'a pipe',
      async (p) => {
        await rm(join(p.path, 'agents/b.yaml'));
        await promisify(execFile)('mkfifo', [join(p.path, 'agents/b.yaml')]);
      },
      '"agents/b.yaml" is a pipe, a socket or a device',
    ],
  ])('%s: a warning, and nothing is pruned', async (_what, hide, words) => {
    const { anam, project } = await applied(hide);
    const before = writesTo(anam).length;
    const valid = await project.run('validate');
    expect(valid).toMatchObject({ code: 0, out: expect.stringContaining('warning[unseen]') });
    expect(valid.out).toContain(words);
    const plan = await project.run('plan');
    expect(plan).toMatchObject({ code: 0, err: expect.stringContaining(words) });
    const pruned = await project.run('apply', '--auto-approve', '--prune', '--max-delete', '1');
    expect(pruned).toMatchObject({ code: 1, err: expect.stringContaining('error[unseen]') });
    expect(pruned.err).toContain('what was not seen is not absent');
    expect(writesTo(anam)).toHaveLength(before);
    expect(namesAt(anam)).toEqual(['a', 'b']);
  });

  it.each([
    ['llms', 'It names a folder: write "llms/**/*.yaml"'],
    ['.hidden/*.yaml', 'There is ".hidden", but names that begin with a dot'],
    ['llms/*.yaml', 'There is "llms/deep/a.yaml", further down'],
    ['caf\u00e9/*.yaml', 'composed and decomposed Unicode'],
    ['llms/*/A.yaml', 'capital and small letters'],
  ])('the pattern %s alone is an error that says why', async (pattern, words) => {
    const project = await openProject({
      'llmform.yaml': projectFile('https://x.test').replace('llms/**/*.yaml', pattern),
      'llms/deep/a.yaml': anamLlm('a'),
      '.hidden/a.yaml': anamLlm('b'),
      'cafe\u0301/a.yaml': anamLlm('c'),
    });
    const { code, out } = await project.run('validate');
    expect(code).toBe(1);
    expect(out).toContain('error[file] llmform.yaml no manifests found');
    expect(out).toContain(words);
  });

  it('plan in JSON has each as a finding with its place', async () => {
    const { project } = await applied((p) => rm(join(p.path, 'agents'), { recursive: true }));
    const { out } = await project.run('plan', '--format', 'json');
    expect(parsed(out).diagnostics).toMatchObject([
      { severity: 'warning', code: 'unseen', file: 'llmform.yaml', line: 4 },
    ]);
    const pruned = await project.run('plan', '--prune', '--format', 'json');
    expect(pruned.code).toBe(1);
    expect(parsed(pruned.out).diagnostics).toMatchObject([{ severity: 'error', code: 'unseen' }]);
  });
});

describe('a submodule that was not fetched', () => {
  it.each([['with its list'], ['without .gitmodules']])('is told from an empty folder, %s', async (how) => {
    const hub = await openHub();
    later(() => hub.remove());
    const anam = await emulate('anam');
    const shared = join(hub.folder, 'shared');
    await write(shared, { 'b.yaml': anamLlm('b') });
    await hub.git(shared, 'init', '--quiet');
    await hub.commit(shared);
    const work = await hub.clone('work');
    await write(work, { 'llmform.yaml': projectFile(anam.url), ...anamLlms('a') });
    await hub.git(
      work,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      shared,
      'llms/shared',
    );
    if (how !== 'with its list') await hub.git(work, 'rm', '--quiet', '--cached', '.gitmodules');
    if (how !== 'with its list') await rm(join(work, '.gitmodules'));
    await hub.git(work, 'add', '--all');
    await hub.git(work, ...AUTHOR, 'commit', '--quiet', '-m', 'x');
    await hub.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const clone = await hub.clone('clone');
    const project = await openProject({}, { ANAM_KEY: 'anam-emulator-key', OPENAI: 'sk-1234567890' });
    const config = ['--config', join(clone, 'llmform.yaml')];
    const valid = await project.run('validate', ...config);
    expect(valid.code).toBe(0);
    expect(valid.out).toContain('warning[unseen] the submodule "llms/shared" is empty');
    expect(valid.out).toContain('git submodule update --init --recursive');
    expect((await project.run('plan', '--prune', ...config)).code).toBe(1);
  });

  it('is not seen in an empty folder that git does not know', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    await mkdir(join(project.path, 'llms/empty'));
    expect((await project.run('plan', '--prune')).code).toBe(0);
  });
});

describe('a sparse checkout', () => {
  it('does not make manifests absent', async () => {
    const hub = await openHub();
    later(() => hub.remove());
    const anam = await emulate('anam');
    const work = await hub.clone('work');
    await hub.commit(work, {
      'llmform.yaml': projectFile(anam.url),
      ...anamLlms('a'),
      'llms/eu/b.yaml': anamLlm('b'),
      'llms/eu/c.yaml': anamLlm('c'),
    });
    await hub.git(work, 'sparse-checkout', 'set', 'llms/us');
    const config = ['--config', join(work, 'llmform.yaml')];
    const project = await openProject({}, { ANAM_KEY: 'anam-emulator-key', OPENAI: 'sk-1234567890' });
    expect((await project.run('validate', ...config)).out).toContain(
      'warning[unseen] "llms/eu/b.yaml" and 1 more are left out by a sparse checkout',
    );
    expect((await project.run('apply', '--auto-approve', '--prune', ...config)).code).toBe(1);
    expect(namesAt(anam)).toEqual([]);
  });
});
