import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAllowedSubmodule, resolveSubmoduleUrl } from '../../src/platform/git/submodule-address.js';
import { openHub } from '../support/git-repository.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  KEYS,
  later,
  namesAt,
  openProject,
  projectFile,
  write,
} from '../support/project.js';
import { watching } from '../support/watching.js';

const PRUNING = `guards: { maxDelete: 5, maxDeletePercent: 100 }
watch: { mode: apply, prune: true, git: { url: "https://x.test", submodules: true } }
`;

/** A repository whose folder llms/shared is a submodule, which has one of its own. */
async function repository(settings = PRUNING) {
  const anam = await emulate('anam');
  const hub = await openHub();
  later(() => hub.remove());
  const allow = ['-c', 'protocol.file.allow=always'];
  const inner = join(hub.folder, 'inner');
  const shared = join(hub.folder, 'shared');
  for (const [path, name] of [
    [inner, 'c'],
    [shared, 'b'],
  ] as const) {
    await write(path, { [`${name}.yaml`]: anamLlm(name) });
    await hub.git(path, 'init', '--quiet');
    if (path === shared) await hub.git(path, ...allow, 'submodule', '--quiet', 'add', '../inner', 'inner');
    await hub.commit(path);
  }
  const work = await hub.clone('work');
  await hub.git(work, ...allow, 'submodule', '--quiet', 'add', `file://${shared}`, 'llms/shared');
  await hub.commit(work, { 'llmform.yaml': projectFile(anam.url, settings), ...anamLlms('a') });
  await hub.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
  const project = await openProject({}, { ...hub.env, ...KEYS });
  const once = ['--once', '--git', `file://${hub.bare}`, '--state-dir', 'state'];
  return { anam, hub, project, once };
}

describe('llmform watch on a repository with submodules', () => {
  it('fetches none unless told to, says so, and prunes nothing', async () => {
    const { anam, project, once } = await repository();
    const watch = watching(project, ...once);
    expect((await watch.process).exitCode).toBe(1);
    expect(watch.text()).toContain('submodules are not fetched: start watch with --git-submodules');
    expect(watch.text()).toContain('error[unseen] the submodule "llms/shared" is empty');
    expect(namesAt(anam)).toEqual([]);
  });

  it('goes on without prune, and tells in the log what it could not see', async () => {
    const { anam, project, once } = await repository('watch: { mode: apply }\n');
    const watch = watching(project, ...once);
    expect((await watch.process).exitCode).toBe(0);
    expect(watch.text()).toContain('not every manifest could be seen');
    expect(namesAt(anam)).toEqual(['a']);
    // What the folder lacks is known to the next process, too.
    const again = watching(project, ...once);
    expect((await again.process).exitCode).toBe(0);
    expect(again.text()).toContain('not every manifest could be seen');
  });

  it('fetches them, those in them too, with --git-submodules', async () => {
    const { anam, project, once } = await repository();
    const watch = watching(project, ...once, '--git-submodules');
    expect((await watch.process).exitCode).toBe(0);
    expect(namesAt(anam)).toEqual(['a', 'b', 'c']);
    expect(watch.text()).not.toContain('could be seen');
    expect(await readdir(join(project.path, 'state/submodules'))).toHaveLength(2);
  });

  it('of a host that is not allowed fetches nothing, and names the host', async () => {
    const { anam, hub, project, once } = await repository();
    const work = join(hub.folder, 'work');
    await hub.git(
      work,
      'config',
      '-f',
      '.gitmodules',
      'submodule.llms/shared.url',
      'https://evil.test/x.git',
    );
    await hub.commit(work);
    await hub.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const watch = watching(project, ...once, '--git-submodules');
    expect((await watch.process).exitCode).toBe(1);
    expect(watch.text()).toContain('the submodule "llms/shared" was not fetched: evil.test is not allowed');
    expect(namesAt(anam)).toEqual([]);
  });
});

describe('llmform watch that prunes', () => {
  it('keeps the project that it could see when a folder goes out of sight', async () => {
    const anam = await emulate('anam');
    const settings = 'guards: { maxDelete: 5, maxDeletePercent: 100 }\nwatch: { mode: apply, prune: true }\n';
    const project = await anamProject(anam.url, anamLlms('a'));
    const file = projectFile(anam.url, settings).replace(
      '"llms/**/*.yaml"',
      '"llms/*.yaml", "agents/*.yaml"',
    );
    await project.write({ 'llmform.yaml': file, 'agents/b.yaml': anamLlm('b') });
    const watch = watching(project, '--interval', '1h');
    await watch.until(() => namesAt(anam).length === 2);
    await rename(join(project.path, 'agents'), join(project.path, 'old'));
    await watch.until(() => watch.text().includes('"code":"unseen"'));
    expect(watch.text()).toContain('the pattern \\"agents/*.yaml\\" matches no file');
    await rename(join(project.path, 'old'), join(project.path, 'agents'));
    await watch.runsMore(1);
    expect(namesAt(anam)).toEqual(['a', 'b']);
    expect(await watch.end()).toBe(0);
  });
});

describe('the address of a submodule', () => {
  it.each([
    ['https://h.test/a/b.git', '../c.git', 'https://h.test/a/c.git'],
    ['https://h.test/a/b.git/', '../../x/./c.git', 'https://h.test/x/./c.git'],
    ['git@h.test:a/b.git', '../c.git', 'git@h.test:a/c.git'],
    ['git@h.test:b.git', '../c.git', 'git@h.test:c.git'],
    ['/srv/b', './c', '/srv/b/c'],
    ['https://h.test/b', 'ssh://x.test/c', 'ssh://x.test/c'],
  ])('%s with %s is %s', (base, url, whole) => {
    expect(resolveSubmoduleUrl(base, url)).toBe(whole);
  });

  it.each<[url: string, repository: string, hosts: string[], allowed: boolean]>([
    ['https://h.test/c', 'https://h.test/b', [], true],
    ['git@h.test:c', 'https://h.test/b', [], true],
    ['ssh://git@h.test/c', 'git@h.test:b', [], true],
    ['http://h.test/c', 'https://h.test/b', [], false],
    ['http://h.test:81/c', 'http://h.test:81/b', [], true],
    ['https://h.test:444/c', 'https://h.test/b', [], false],
    ['https://x.test/c', 'https://h.test/b', [], false],
    ['https://x.test/c', 'https://h.test/b', ['x.test'], true],
    ['git@x.test:c', 'https://h.test/b', ['X.test'], true],
    ['http://x.test/c', 'https://h.test/b', ['x.test'], false],
    ['http://x.test/c', 'https://h.test/b', ['http://x.test'], true],
    ['https://x.test:444/c', 'https://h.test/b', ['x.test'], false],
    ['https://x.test:444/c', 'https://h.test/b', ['x.test:444'], true],
    ['/srv/c', 'https://h.test/b', [''], false],
    ['file:///srv/c', '/srv/b', [], true],
    ['ext::sh -c x', '/srv/b', ['x'], false],
    ['--upload-pack=x', '/srv/b', [], false],
    ['https://h.test@evil.test/c', 'https://h.test/b', [], false],
    ['h.test', 'https://h.test/b', ['h.test'], false],
  ])('%s from %s with %j allowed: %s', (url, repository, hosts, allowed) => {
    expect(isAllowedSubmodule(url, repository, hosts)).toBe(allowed);
  });
});
