import { access, chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitLedger } from '../../../src/ledger/index.js';
import type { DiagnosticError } from '../../../src/model/diagnostic.js';
import { openGit } from '../../../src/platform/git/git.js';
import { parseGitRemote } from '../../../src/platform/git/remote.js';
import { loadWorkspace } from '../../../src/usecases/load-workspace.js';
import { type GitSourceSettings, openGitSource } from '../../../src/watch/source/git-source.js';
import { readLastGood } from '../../../src/watch/source/last-good.js';
import type { Snapshot } from '../../../src/watch/source/source.js';
import { AUTHOR, type Hub, numbered, openHub } from '../../support/git-repository.js';
import { serve } from '../../support/loopback.js';
import { anamLlm, folder, later, projectFile, write } from '../../support/project.js';
import { until } from '../../support/until.js';

const SETTINGS = { ref: 'main', config: 'llmform.yaml', intervalMs: 3_600_000 };

describe('a branch of a git repository', () => {
  it('is fetched, and what it points to lies in a folder of its own', async () => {
    const { source, hub, stateDir, commit } = await opened();
    const first = await source.load();
    expect(first).toEqual({
      cwd: join(stateDir, 'commits', commit),
      config: 'llmform.yaml',
      place: `file://${hub.bare} (main)`,
      commit,
      ledgerFolder: stateDir,
    });
    expect((await workspaceOf(first)).manifests).toHaveLength(1);
    source.keep?.(first);
    const next = await hub.push({ 'llms/b.yaml': anamLlm('b') });
    const second = await source.load();
    expect(second.commit).toBe(next);
    expect((await workspaceOf(second)).manifests).toHaveLength(2);
    // The one before is still whole: a run may be reading it.
    expect((await workspaceOf(first)).manifests).toHaveLength(1);
  });

  it('is fetched without the history before it', async () => {
    const { source, stateDir, hub } = await opened();
    await source.load();
    const git = openGit(join(stateDir, 'repository'), { ...hub.env, GIT_DIR: '.' });
    expect(await git.run(['rev-list', '--count', 'refs/watch/incoming'])).toBe('1');
  });

  it('is looked at every interval, and new commits are told once', async () => {
    const { source, hub, told } = await opened({ intervalMs: 40 });
    await source.load();
    await hub.push({ 'llms/b.yaml': anamLlm('b') });
    await until(() => told.length > 0);
    await source.load();
    told.length = 0;
    const looks = await hub.looks();
    await until(async () => (await hub.looks()) > looks + 2);
    expect(told).toEqual([]);
  });

  it('is looked at right away on a request', async () => {
    const { source, hub, told } = await opened();
    await source.load();
    source.poll?.();
    source.poll?.();
    await hub.push({ 'llms/b.yaml': anamLlm('b') });
    source.poll?.();
    await until(() => told.length > 0);
    expect(new Set(told)).toEqual(new Set(['commit']));
  });

  it.each(['one commit behind', 'unrelated', 'beside it'])(
    'is refused when it was rewritten: %s',
    async (how) => {
      const { source, hub, commit, stateDir, told } = await opened({ intervalMs: 40 });
      const second = await hub.push({ 'llms/b.yaml': anamLlm('b') });
      await source.load();
      if (how === 'one commit behind') await hub.force(commit);
      if (how === 'unrelated') await hub.force(await hub.orphan());
      if (how === 'beside it') {
        await hub.git(hub.work, 'reset', '--quiet', '--hard', commit);
        await hub.force(await hub.push({ 'llms/c.yaml': anamLlm('c') }, { push: false }));
      }
      const error = await failure(source.load());
      expect(error).toMatchObject({ code: 'stale', summary: expect.stringContaining(second.slice(0, 12)) });
      expect(error?.detail).toContain(join(stateDir, 'repository'));
      // Again and again, also after a commit on top of it.
      expect((await failure(source.load()))?.code).toBe('stale');
      await hub.force(await hub.push({ 'llms/d.yaml': anamLlm('d') }, { push: false, from: 'origin/main' }));
      expect((await failure(source.load()))?.code).toBe('stale');
      told.length = 0;
      // Git may be at work in it.
      await rm(join(stateDir, 'repository'), { recursive: true, maxRetries: 9 });
      await until(() => told.length > 0);
      expect((await source.load()).commit).toBe(await hub.tip('refs/heads/main'));
    },
  );

  it('is taken again when it was put back', async () => {
    const { source, hub, commit } = await opened();
    const second = await hub.push({ 'llms/b.yaml': anamLlm('b') });
    await source.load();
    await hub.force(commit);
    expect((await failure(source.load()))?.code).toBe('stale');
    await hub.force(second);
    expect((await source.load()).commit).toBe(second);
  });

  it('many commits later is known to have moved forward only', async () => {
    const { source, hub } = await opened();
    await source.load();
    let last = '';
    for (let n = 0; n < 5; n += 1) last = await hub.push({ 'llms/a.yaml': anamLlm('a', `m-${n}`) });
    expect((await source.load()).commit).toBe(last);
  });

  it('that is not there is told, with the way out', async () => {
    const { source } = await opened({ ref: 'live' });
    expect(await failure(source.load())).toMatchObject({
      summary: expect.stringMatching(/has no branch live$/),
      detail: expect.stringContaining('--ref'),
    });
  });

  it('may be a tag, by its full name', async () => {
    const { source, hub, commit } = await opened({ ref: 'refs/tags/live' });
    await hub.git(hub.work, ...AUTHOR, 'tag', '-a', '-m', 'live', 'live', commit);
    await hub.git(hub.work, 'push', '--quiet', 'origin', 'live');
    expect((await source.load()).commit).toBe(commit);
  });
});

describe('the last good commit', () => {
  it('is there for the next process, also when the server is gone, and others are cleared away', async () => {
    const { source, hub, stateDir, settings, commit } = await opened();
    const first = await source.load();
    source.keep?.(first);
    const broken = await hub.push({ 'llmform.yaml': 'targets: [\n' });
    await source.load();
    const newest = await hub.push({ 'llmform.yaml': 'targets: {\n' });
    await source.load();
    expect((await readdir(join(stateDir, 'commits'))).sort()).toEqual([commit, newest].sort());
    await source.close();
    expect(broken).not.toBe(newest);

    await rm(hub.bare, { recursive: true });
    const again = await openGitSource(settings);
    later(() => again.close());
    expect(await failure(again.load())).toMatchObject({
      code: 'file',
      summary: expect.stringContaining('cannot be read'),
    });
    const good = await again.lastGood?.();
    expect(good).toMatchObject({ commit, place: `file://${hub.bare} (main)`, ledgerFolder: stateDir });
    expect((await workspaceOf(good as Snapshot)).manifests).toHaveLength(1);
  });

  it('comes back from the repository when its folder is gone', async () => {
    const { source, stateDir, commit } = await opened();
    source.keep?.(await source.load());
    await until(async () => (await readLastGood(stateDir)) !== undefined);
    await rm(join(stateDir, 'commits'), { recursive: true });
    expect((await workspaceOf((await source.lastGood?.()) as Snapshot)).manifests).toHaveLength(1);
    expect((await readLastGood(stateDir))?.commit).toBe(commit);
  });

  it('of another repository or branch is not taken', async () => {
    const { source, settings, stateDir } = await opened();
    source.keep?.(await source.load());
    await until(async () => (await readLastGood(stateDir)) !== undefined);
    await source.close();
    const other = await openGitSource({ ...settings, ref: 'other' });
    later(() => other.close());
    expect(await other.lastGood?.()).toBeUndefined();
  });

  it('is none where nothing can be understood', async () => {
    const { source, stateDir } = await opened();
    for (const text of ['', '{', '{}', '{"commit":"../..","place":"x","config":"x"}']) {
      await writeFile(join(stateDir, 'good'), text);
      expect(await source.lastGood?.()).toBeUndefined();
    }
  });
});

describe('a git server that is gone for a while', () => {
  it('is told after some failures, and once more when it is back', async () => {
    const { source, hub, told } = await opened({ intervalMs: 10 });
    await source.load();
    await hub.away(async () => {
      await until(() => told.length === 1);
      expect((await failure(source.load()))?.summary).toContain('cannot be read');
    });
    source.poll?.();
    await until(() => told.length === 2);
    await source.load();
  });
});

describe('a git server that does not answer', () => {
  it('does not delay closing, and no program of git goes on', async () => {
    const scripts = await folder({ ssh: '#!/bin/sh\necho $$ > "$PID_FILE"\nexec sleep 60\n' });
    const [ssh, pidFile] = [join(scripts, 'ssh'), join(scripts, 'pid')];
    await chmod(ssh, 0o755);
    const stateDir = await folder();
    const env = { PATH: process.env.PATH, GIT_SSH: ssh, GIT_SSH_VARIANT: 'simple', PID_FILE: pidFile };
    const source = await openGitSource({
      ...SETTINGS,
      url: 'ssh://host/x.git',
      stateDir,
      cwd: stateDir,
      env,
    });
    const loading = failure(source.load());
    const pid = async () => Number(await readFile(pidFile, 'utf8').catch(() => ''));
    await until(async () => (await pid()) > 0);
    await source.close();
    expect((await loading)?.code).toBe('file');
    const isGone = (one: number) => {
      try {
        return !process.kill(one, 0);
      } catch {
        return true;
      }
    };
    await until(async () => isGone(await pid()));
  });
});

describe('what a repository holds', () => {
  it('cannot reach out of it by links', async () => {
    const outside = await folder({ 'llms/evil.yaml': anamLlm('evil'), 'llmform.yaml': 'targets: {}' });
    const { source, hub } = await opened();
    await symlink(join(outside, 'llms'), join(hub.work, 'llms/out'));
    await symlink('../../../../../../../../etc/passwd', join(hub.work, 'llms/passwd.yaml'));
    await symlink('out/evil.yaml', join(hub.work, 'llms/chain.yaml'));
    await rm(join(hub.work, 'llmform.yaml'));
    await symlink(join(outside, 'llmform.yaml'), join(hub.work, 'llmform.yaml'));
    await mkdir(join(hub.work, 'shared'));
    await write(hub.work, { 'shared/b.yaml': anamLlm('b') });
    await symlink('../shared/b.yaml', join(hub.work, 'llms/b.yaml'));
    await hub.push({});
    const { cwd } = await source.load();
    expect((await readdir(join(cwd, 'llms'))).sort()).toEqual(['a.yaml', 'b.yaml']);
    expect(await readFile(join(cwd, 'llms/b.yaml'), 'utf8')).toContain('name: b');
    await expect(access(join(cwd, 'llmform.yaml'))).rejects.toThrow();
  });

  it('is as it is in git, also where the machine has a filter such as Git LFS', async () => {
    const { source, hub } = await opened();
    const filter = '[filter "lfs"]\n\tsmudge = tr a-z A-Z\n\trequired = true\n';
    const attributes = '*.yaml filter=lfs text eol=crlf ident\n';
    await write(hub.work, { 'llms/b.yaml': `${anamLlm('b')}# $Id$\n` });
    await hub.push({});
    await hub.push({ '.gitattributes': attributes });
    await writeFile(join(hub.folder, '.gitconfig'), filter);
    const { cwd } = await source.load();
    expect(await readFile(join(cwd, 'llms/b.yaml'), 'utf8')).toBe(`${anamLlm('b')}# $Id$\n`);
  });

  it('runs no programs: no hooks, no filters of its own', async () => {
    const { source, hub, stateDir } = await opened();
    await source.load();
    await hub.push({
      '.gitattributes': '*.yaml filter=evil\n',
      '.gitconfig': '[filter "evil"]\n\tsmudge = touch ran\n',
    });
    const { cwd } = await source.load();
    expect(await readFile(join(cwd, 'llms/a.yaml'), 'utf8')).toBe(anamLlm('a'));
    expect(await readdir(cwd)).not.toContain('ran');
    expect((await readdir(join(stateDir, 'commits'))).filter((name) => name.includes('index'))).toEqual([]);
  });

  it('has a place for a ledger that is kept in git', async () => {
    const { source, hub } = await opened();
    const { cwd } = await source.load();
    const place = { ref: 'refs/llmform/ledger', remote: 'origin', path: 'ledger.json' };
    const ledger = openGitLedger(openGit(cwd, hub.env), place, hub.env);
    const lock = await ledger.lock();
    await lock.save(numbered(1));
    await lock.release('done');
    expect(await hub.git(hub.bare, 'log', '--format=%s', 'refs/llmform/ledger')).toContain('done');
  });
});

describe('two at once', () => {
  it('do not share a state folder', async () => {
    const { settings, stateDir } = await opened();
    await expect(openGitSource(settings)).rejects.toThrow(
      `another llmform watch uses the folder ${stateDir}`,
    );
  });
});

describe('an address', () => {
  it.each<[Partial<GitSourceSettings>, RegExp]>([
    [{ url: '--upload-pack=touch x' }, /not one/],
    [{ url: '' }, /not one/],
    [{ url: 'ext::touch' }, /not one/],
    [{ url: 'http::https://me:token@host.test/x.git' }, /not one/],
    [{ ref: '--all' }, /no name of a branch/],
    [{ ref: 'a..b' }, /no name of a branch/],
    [{ config: '../llmform.yaml' }, /outside the repository/],
    [{ config: '/etc/llmform.yaml' }, /outside the repository/],
  ])('such as %j is refused', async (change, words) => {
    const stateDir = await folder();
    const settings = { ...SETTINGS, url: 'x', stateDir, cwd: stateDir, env: {}, ...change };
    await expect(openGitSource(settings)).rejects.toThrow(words);
  });

  it('may be a relative folder', async () => {
    const { hub, commit } = await opened();
    const stateDir = await folder();
    const source = await openGitSource({
      ...SETTINGS,
      url: './origin.git',
      stateDir,
      cwd: hub.folder,
      env: hub.env,
    });
    later(() => source.close());
    expect((await source.load()).commit).toBe(commit);
  });
});

describe('a credential in the address', () => {
  it('reaches the server, and nothing else: no message, no command line, no file', async () => {
    const server = await serve((_, response) => response.writeHead(403).end());
    later(() => server.close());
    const { hub } = await opened();
    const stateDir = await folder();
    const url = `http://me:s3cr%2Ft-token@localhost:${server.port}/x.git`;
    const source = await openGitSource({ ...SETTINGS, url, stateDir, cwd: stateDir, env: hub.traced });
    later(() => source.close());
    const error = await failure(source.load());
    expect(error?.summary).toContain(`http://localhost:${server.port}/x.git (main) cannot be read`);
    const basic = Buffer.from('me:s3cr/t-token').toString('base64');
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${basic}`);
    const config = await readFile(join(stateDir, 'repository', 'config'), 'utf8');
    const seen = JSON.stringify(error) + config + (await readFile(join(hub.folder, 'trace'), 'utf8'));
    for (const secret of ['s3cr', basic]) expect(seen).not.toContain(secret);
  });

  it('is in no message either where it is a key in the query', async () => {
    const server = await serve((_, response) => response.writeHead(403).end());
    later(() => server.close());
    const { hub } = await opened();
    const stateDir = await folder();
    const url = `http://localhost:${server.port}/x.git?private_token=s3cret`;
    const source = await openGitSource({ ...SETTINGS, url, stateDir, cwd: stateDir, env: hub.env });
    later(() => source.close());
    expect(JSON.stringify(await failure(source.load()))).not.toContain('s3cret');
  });

  it('comes after settings of git that are in the environment already', () => {
    expect(parseGitRemote('https://tok@host.test/x', { GIT_CONFIG_COUNT: '2' })).toEqual({
      url: 'https://host.test/x',
      env: {
        GIT_CONFIG_COUNT: '3',
        GIT_CONFIG_KEY_2: 'http.https://host.test/.extraHeader',
        GIT_CONFIG_VALUE_2: `Authorization: Basic ${Buffer.from('tok:').toString('base64')}`,
      },
    });
    expect(parseGitRemote('git@host.test:x.git', {})).toEqual({ url: 'git@host.test:x.git', env: {} });
  });
});

interface SourceHub extends Hub {
  work: string;
  push(files: Record<string, string>, how?: { push?: boolean; from?: string }): Promise<string>;
  force(commit: string): Promise<unknown>;
  /** A commit without a history. */
  orphan(): Promise<string>;
  /** How often somebody asked for the branches. */
  looks(): Promise<number>;
  away(during: () => Promise<void>): Promise<void>;
}

async function opened(change: Partial<GitSourceSettings> = {}) {
  const hub = await sourceHub();
  const commit = await hub.push({
    'llmform.yaml': projectFile('https://api.anam.ai'),
    'llms/a.yaml': anamLlm('a'),
  });
  const stateDir = await folder();
  const settings = {
    ...SETTINGS,
    url: `file://${hub.bare}`,
    stateDir,
    cwd: stateDir,
    env: hub.traced,
    ...change,
  };
  const source = await openGitSource(settings);
  later(() => source.close());
  const told: string[] = [];
  source.onChange((trigger) => told.push(trigger));
  return { hub, source, settings, stateDir, commit, told };
}

async function sourceHub(): Promise<SourceHub & { traced: Record<string, string> }> {
  const hub = await openHub();
  later(() => hub.remove());
  const work = await hub.clone('work');
  const trace = join(hub.folder, 'trace');
  return {
    ...hub,
    work,
    traced: { ...hub.env, GIT_TRACE: trace },
    async push(files, { push = true, from } = {}) {
      if (from !== undefined) {
        await hub.git(work, 'fetch', '--quiet', 'origin');
        await hub.git(work, 'reset', '--quiet', '--hard', from);
      }
      const commit = await hub.commit(work, files);
      if (push) await hub.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
      return commit;
    },
    force: (commit) => hub.git(work, 'push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`),
    async orphan() {
      await hub.git(work, 'checkout', '--quiet', '--orphan', 'fresh');
      return hub.commit(work);
    },
    async looks() {
      const text = await readFile(trace, 'utf8').catch(() => '');
      return text.split('git ls-remote').length;
    },
    async away(during) {
      await rename(hub.bare, `${hub.bare}.away`);
      try {
        await during();
      } finally {
        await rename(`${hub.bare}.away`, hub.bare);
      }
    },
  };
}

const workspaceOf = ({ cwd, config, missing }: Snapshot) =>
  loadWorkspace({ cwd, env: {}, missing }, config, [], []);

async function failure(running: Promise<unknown>) {
  const error = await running.then(
    () => undefined,
    (reason: DiagnosticError) => reason,
  );
  return error?.diagnostics[0];
}
