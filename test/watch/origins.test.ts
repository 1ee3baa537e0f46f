import { existsSync } from 'node:fs';
import { chmod, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHub } from '../support/git-repository.js';
import { serve } from '../support/loopback.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  folder,
  KEYS,
  later,
  openProject,
  projectFile,
  writesTo,
} from '../support/project.js';
import { watching } from '../support/watching.js';

/** Long enough that no interval passes: what runs was set off by something else. */
const NEVER = ['--interval', '1h'];

describe('llmform watch on files', () => {
  it('runs when a manifest changes, and by the settings of the project file', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'), 'watch: { mode: heal, interval: 1h }\n');
    const watch = watching(project);
    await watch.until(() => writesTo(anam).length === 1);
    await project.write({ 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    await watch.until(() => watch.runs().length === 2);
    expect(writesTo(anam)).toHaveLength(2);
    expect(watch.runs().at(-1)).toMatchObject({ trigger: 'files', result: 'success' });
    // From now on it only looks, and says so at once.
    await project.write({
      'llmform.yaml': projectFile(
        anam.url,
        'watch: { mode: observe, interval: 1h, uiToken: { fromEnv: T } }\n',
      ),
    });
    await watch.until(() => watch.text().includes('"settings":["uiToken"]'));
    await project.write({ 'llms/a.yaml': anamLlm('a', 'gpt-6') });
    await watch.until(() => watch.runs().at(-1)?.result === 'drift');
    expect(writesTo(anam)).toHaveLength(2);
    expect(await watch.end()).toBe(0);
  });

  it('leaves a target alone from the moment that llmform suspend is back', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const watch = watching(project, '--mode', 'heal', ...NEVER);
    await watch.until(() => watch.runs().length === 1);
    expect((await project.run('suspend', 'anam')).code).toBe(0);
    await watch.until(() => watch.text().includes('the target is suspended'));
    await project.write({ 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    await watch.until(() => watch.text().split('project loaded').length === 3);
    expect(watch.runs()).toHaveLength(1);
    await project.run('resume', 'anam');
    await watch.until(() => watch.runs().length === 2);
    expect(watch.runs()[1]).toMatchObject({ result: 'success', trigger: 'resume' });
    expect(writesTo(anam)).toHaveLength(2);
    expect(await watch.end()).toBe(0);
  });

  it('writes nothing while its windows are closed, and tells who wants to know', async () => {
    const anam = await emulate('anam');
    const server = await serve((_, response) => response.end());
    later(() => server.close());
    // Half an hour around midnight UTC that is not now.
    const hour = (new Date().getUTCHours() + 12) % 24;
    const project = await anamProject(
      anam.url,
      anamLlms('a'),
      `watch:
  mode: apply
  windows: [{ cron: "0 ${hour} * * *", duration: 30m }]
  notify: [{ type: webhook, url: "${server.url}", secret: { fromEnv: OPENAI } }]
`,
    );
    const watch = watching(project, ...NEVER);
    await watch.until(() => server.requests.length === 1);
    const { notices } = JSON.parse(server.requests[0]?.body ?? '');
    expect(notices).toMatchObject([
      { kind: 'drift', target: 'anam', counts: { create: 1 }, addresses: ['anam/LLM/a'] },
    ]);
    expect(notices[0].held.join()).toMatch(/window/);
    expect(server.requests[0]?.body).not.toContain(KEYS.OPENAI);
    expect(writesTo(anam)).toEqual([]);
    expect(await watch.end()).toBe(0);
  });

  it('ends with 1 where there is no project, and with nothing left open', async () => {
    const project = await openProject({});
    const { code, err } = await project.run('watch', '--listen', 'off');
    expect(code).toBe(1);
    expect(err).toContain('llmform.yaml');
  });
});

describe('llmform watch on git', () => {
  it('follows a branch, keeps the last good commit, and starts with it when all else fails', async () => {
    const anam = await emulate('anam');
    const { push, url, bare, env } = await repository();
    const first = await push({ 'llmform.yaml': projectFile(anam.url), ...anamLlms('a') });
    // All that is here is where the project is.
    const here = 'watch: { mode: heal, interval: 1h, git: { url: "<url>", interval: 1s } }\n'.replace(
      '<url>',
      url,
    );
    const project = await openProject({ 'llmform.yaml': projectFile(anam.url, here) }, { ...env, ...KEYS });
    const flags = ['--mode', 'heal', ...NEVER, '--state-dir', 'state'];
    const watch = watching(project, ...flags);
    await watch.until(() => writesTo(anam).length === 1);
    expect(watch.lines().some((line) => JSON.stringify(line).includes(first))).toBe(true);

    const second = await push({ 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    await watch.until(() => watch.runs().length === 2);
    expect(watch.runs().at(-1)).toMatchObject({ trigger: 'commit', commit: second, result: 'success' });
    const ledger = JSON.parse(await project.read('state/.llmform/ledger.json'));
    expect(Object.keys(ledger.objects)).toEqual(['anam/LLM/a']);

    await push({ 'llms/a.yaml': 'kind: nothing\n' });
    await watch.until(() => watch.lines().some(({ level }) => level === 'error'));
    expect(await watch.end()).toBe(0);

    await rename(bare, `${bare}.away`);
    const again = watching(project, ...flags);
    await again.until(() => again.runs().length > 0);
    expect(again.runs()[0]).toMatchObject({ commit: second, result: 'no_change' });
    expect(again.text()).toContain('cannot be read');
    await rename(`${bare}.away`, bare);
    expect(await again.end()).toBe(0);
    expect(await readdir(join(project.path, 'state'))).toEqual(
      expect.arrayContaining(['commits', 'good', 'repository']),
    );
    expect(await readdir(join(project.path, 'state'))).not.toContain('lock');
  });

  it('leaves soon while the server does not answer', async () => {
    const ssh = join(await folder({ ssh: '#!/bin/sh\ntouch asked\nexec sleep 60\n' }), 'ssh');
    await chmod(ssh, 0o755);
    const project = await openProject({}, { ...KEYS, GIT_SSH: ssh, GIT_SSH_VARIANT: 'simple' });
    const watch = watching(project, '--git', 'ssh://host/x.git', '--state-dir', 'state');
    await watch.until(() => existsSync(join(project.path, 'state/repository/asked')));
    const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'late').unref());
    expect(await Promise.race([watch.end(), late])).toBe(0);
    expect(watch.lines().map(({ level }) => level)).toEqual(['info']);
  });

  it('ends with 1 where there was never a good commit', async () => {
    const { push, url, env } = await repository();
    await push({ 'llmform.yaml': 'targets: [\n' });
    const project = await openProject({}, { ...env, ...KEYS });
    const { code, err } = await project.run('watch', '--listen', 'off', '--git', url);
    expect(code).toBe(1);
    expect(err).toMatch(/error\[yaml\]/);
  });
});

async function repository() {
  const hub = await openHub();
  later(() => hub.remove());
  const work = await hub.clone('work');
  return {
    bare: hub.bare,
    url: `file://${hub.bare}`,
    env: hub.env,
    async push(files: Record<string, string>) {
      const commit = await hub.commit(work, files);
      await hub.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
      return commit;
    },
  };
}
