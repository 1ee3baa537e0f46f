import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { anamLlms, anamProject, emulate, later, namesAt, writesTo } from '../support/project.js';
import { CLI, parsed, startProgram } from '../support/run-cli.js';
import { follow, watching } from '../support/watching.js';

const NAMES = ['a', 'b', 'c', 'd'];

describe('a daemon that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s in the middle of an apply, finishes and records the request in flight, and leaves with 0',
    async (signal) => {
      const anam = await emulate('anam');
      const project = await anamProject(anam.url, anamLlms(...NAMES), '    concurrency: 1\n');
      anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'slow', ms: 700 } });
      const daemon = watching(project, '--mode', 'heal');
      await daemon.until(() => writesTo(anam).length === 1);
      expect(await daemon.end(signal)).toBe(0);
      const made = anam.objects('LLM').map(({ id }) => id);
      expect(made).toHaveLength(1);
      const ledger = parsed(await project.read('.llmform/ledger.json'));
      expect(Object.values(ledger.objects ?? {}).map(({ id }) => id)).toEqual(made);
      expect(ledger.intents).toEqual({});
      expect(daemon.runs()[0]).toMatchObject({ err: { code: 'interrupted' } });
      await expect(project.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');

      expect((await project.run('watch', '--once', '--mode', 'heal')).code).toBe(0);
      expect(anam.objects('LLM')).toHaveLength(NAMES.length);
    },
  );

  it('while it reads, gives the reads up', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    anam.faults.push({ effect: { type: 'hang' } });
    const daemon = watching(project, '--mode', 'heal');
    await daemon.until(() => anam.requests.length === 1);
    expect(await daemon.end()).toBe(0);
    expect(daemon.lines().at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('does not wait for a command that was to give a secret', async () => {
    const anam = await emulate('anam');
    const [[file = '', text = ''] = []] = Object.entries(anamLlms('a'));
    const slow = text.replace(
      '{ fromEnv: OPENAI }',
      '{ fromCommand: [sh, -c, "touch started; exec sleep 25"] }',
    );
    const project = await anamProject(anam.url, { [file]: slow });
    const daemon = watching(project, '--mode', 'heal');
    // Secrets come first: nothing is asked while a manifest may spell one out.
    await daemon.until(() => existsSync(join(project.path, 'started')));
    expect(anam.requests).toEqual([]);
    const ended = daemon.end();
    await daemon.until(() => daemon.text().includes('"stopped"'));
    const late = new Promise((resolve) => setTimeout(resolve, 10_000, 'late').unref());
    expect(await Promise.race([ended, late])).toBe(0);
  });

  it('twice, leaves at once with 130', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'hang', applied: true } });
    const daemon = watching(project, '--mode', 'heal');
    await daemon.until(() => writesTo(anam).length === 1);
    daemon.process.kill('SIGTERM');
    await daemon.until(() => daemon.text().includes('stopping'));
    expect(await daemon.end()).toBe(130);
    expect((await project.run('watch', '--once', '--mode', 'heal')).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });
});

describe('a daemon that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s its create was carried out: the next one makes no second object',
    async (when) => {
      const anam = await emulate('anam');
      const project = await anamProject(anam.url, anamLlms(...NAMES));
      anam.faults.push({
        match: { method: 'POST' },
        times: 2,
        effect: { type: 'hang', applied: when === 'after' },
      });
      const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
      await daemon.until(() => writesTo(anam).length >= 2);
      await daemon.end('SIGKILL');
      anam.faults.length = 0;
      const again = watching(project, '--mode', 'heal', '--interval', '200ms');
      await again.until(() => again.runs().at(-1)?.result === 'no_change');
      expect(namesAt(anam)).toEqual(NAMES);
      expect((await project.run('plan', '--detailed-exitcode')).code).toBe(0);
      await again.end();
    },
  );
});

describe('SIGHUP', () => {
  it('however often during a run, means one more run', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    await project.run('apply', '--auto-approve');
    anam.faults.push({ match: { method: 'GET' }, times: 1, effect: { type: 'slow', ms: 1_200 } });
    anam.requests.length = 0;
    const daemon = watching(project, '--mode', 'heal');
    await daemon.until(() => anam.requests.length === 1);
    for (let sent = 1; sent <= 3; sent += 1) {
      daemon.process.kill('SIGHUP');
      await daemon.until(() => daemon.text().split('SIGHUP').length > sent);
    }
    await daemon.until(() => daemon.runs().length === 2);
    daemon.process.kill('SIGHUP');
    await daemon.until(() => daemon.runs().length === 3);
    expect(daemon.runs().map(({ trigger }) => trigger)).toEqual(['start', 'signal', 'signal']);
    await daemon.end();
  });
});

const hasLimits = canLimit();

describe.skipIf(!hasLimits)('a disk that is full', () => {
  it('keeps nothing of the locks that could not be written', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const { execa } = await import('execa');
    const argv = [
      '-c',
      'ulimit -S -f 0; exec "$0" "$@"',
      process.execPath,
      CLI,
      'watch',
      '--once',
      '--mode',
      'heal',
    ];
    const limited = await execa('bash', argv, {
      cwd: project.path,
      env: { PATH: process.env.PATH ?? '', ...project.env },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    expect(limited).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"code":"ledger"') });
    expect(await readdir(join(project.path, '.llmform'))).toEqual([]);
    expect(writesTo(anam)).toEqual([]);
  });

  it('stops every write, because it could not be recorded; with room again all is done', async () => {
    const anam = await emulate('anam');
    const names = Array.from({ length: 12 }, (_, i) => `assistant-number-${i}`);
    const project = await anamProject(anam.url, anamLlms(...names), '    concurrency: 1\n');
    // No file may grow beyond one block, which holds the lock, and not the ledger of twelve objects.
    const argv = [
      '-c',
      'ulimit -S -f 1; exec "$0" "$@"',
      process.execPath,
      CLI,
      'watch',
      '--listen',
      'off',
      '--mode',
      'heal',
    ];
    const limited = startProgram('bash', argv, { cwd: project.path, env: project.env });
    const daemon = follow(limited);
    await daemon.runsMore(2);
    expect(daemon.runs()[0]).toMatchObject({ result: 'error', err: { code: 'ledger' } });
    const made = anam.objects('LLM').length;
    expect(made).toBeLessThan(names.length);
    // What was created and could not be recorded is found again, not created again.
    const created = anam.objects('LLM').map(({ displayName }) => displayName);
    expect(new Set(created).size).toBe(created.length);
    execFileSync('prlimit', ['--pid', String(limited.pid), '--fsize=unlimited:']);
    limited.kill('SIGHUP');
    await daemon.until(() => daemon.runs().at(-1)?.result === 'success');
    expect(namesAt(anam)).toEqual([...names].sort());
    expect(await daemon.end()).toBe(0);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a log that cannot be written', () => {
  it('does not keep the daemon from its work', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const args = [CLI, 'watch', '--listen', 'off', '--mode', 'heal', '--interval', '150ms'];
    const { execa } = await import('execa');
    const running = execa(process.execPath, args, {
      cwd: project.path,
      env: { PATH: process.env.PATH ?? '', ...project.env },
      extendEnv: false,
      stdin: 'ignore',
      stderr: { file: '/dev/full' },
      reject: false,
    });
    later(async () => {
      running.kill('SIGKILL');
      await running;
    });
    const reaches = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000 });
    await reaches(async () => {
      expect(await project.read('.llmform/ledger.json')).toContain('"intents": {}');
      await expect(project.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');
    });
    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: 'drifted' });
    await reaches(() => expect(anam.objects('LLM')[0]?.modelName).toBe('gpt-4o'));
    running.kill('SIGTERM');
    expect((await running).exitCode).toBe(0);
  });
});

function canLimit(): boolean {
  try {
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize'], { stdio: 'ignore' });
    execFileSync('bash', ['-c', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
