import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { planIn, reportIn } from '../support/output-schemas.js';
import { anamLlms, anamProject, emulate, folder, namesAt, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';
import { capturingTerminal } from '../support/terminal.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('an interrupted apply', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'after %s finishes and records the request in flight, and ends with 130',
    async (signal) => {
      // Slow enough for the signal to get through before the answer does.
      const anam = await emulate('anam', { latencyMs: 150 });
      const file = await anamProject(anam.url, anamLlms(...NAMES), '    concurrency: 1\n');
      const running = file.start('apply', '--auto-approve', '--format', 'json');
      anam.faults.push({
        match: { method: 'POST' },
        times: 1,
        effect: { type: 'meanwhile', run: () => void running.kill(signal) },
      });
      const { exitCode, stdout, stderr } = await running;
      expect(exitCode).toBe(130);
      expect(stderr).toContain('interrupted: finishing the requests in flight');

      const made = anam.objects('LLM').map(({ id }) => id);
      expect(made.length).toBeGreaterThan(0);
      expect(made.length).toBeLessThan(NAMES.length);
      const report = reportIn(stdout);
      expect(report.summary).toMatchObject({ applied: made.length, skipped: NAMES.length - made.length });
      const ledger = parsed(await file.read('.llmform/ledger.json'));
      expect(Object.values(ledger.objects ?? {}).map(({ id }) => id)).toEqual(expect.arrayContaining(made));
      expect(ledger.intents).toEqual({});

      expect((await file.run('apply', '--auto-approve')).code).toBe(0);
      expect(namesAt(anam)).toEqual(NAMES);
      expect(planIn((await file.run('plan', '--format', 'json')).out).changes).toEqual([]);
    },
  );

  it('leaves at once when it is interrupted twice, and still converges without duplicates', async () => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms(...NAMES));
    // The vendor does its work and never says so.
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'hang', applied: true } });
    const running = file.start('apply', '--auto-approve');
    await vi.waitFor(() => expect(writesTo(anam).length).toBeGreaterThan(0), { timeout: 20_000 });
    running.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('press Ctrl-C again')) running.kill('SIGINT');
    });
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
    expect(namesAt(anam)).toEqual(NAMES);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no lock behind after %s where it had not begun to write',
    async (signal) => {
      const anam = await emulate('anam');
      const file = await anamProject(anam.url, anamLlms('a'));
      anam.faults.push({ times: 1, effect: { type: 'hang' } });
      const running = file.start('apply', '--auto-approve');
      await vi.waitFor(() => expect(anam.requests).toHaveLength(1), { timeout: 20_000 });
      running.kill(signal);
      expect((await running).exitCode).toBe(130);
      await expect(file.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');
    },
  );

  it('goes on when it is told twice that the terminal is gone', async () => {
    const anam = await emulate('anam', { latencyMs: 150 });
    const file = await anamProject(anam.url, anamLlms(...NAMES), '    concurrency: 1\n');
    const running = file.start('apply', '--auto-approve');
    let told = 0;
    running.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('press Ctrl-C again') && told++ === 0) running.kill('SIGHUP');
    });
    anam.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'meanwhile', run: () => void running.kill('SIGHUP') },
    });
    expect((await running).exitCode).toBe(130);
    expect(parsed(await file.read('.llmform/ledger.json')).intents).toEqual({});
  });

  const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

  it.each(SIGNALS)('gives the lock of a git ledger back after %s', async (signal) => {
    const { anam, file, refs } = await withGitLedger();
    const running = file.start('apply', '--auto-approve');
    anam.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'meanwhile', run: () => void running.kill(signal) },
    });
    expect((await running).exitCode).toBe(130);
    expect(await refs()).toContain('llmform');
    expect(await refs()).not.toContain('lock');
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
  });

  it.each(SIGNALS)('gives the lock of a git ledger back when %s comes while it plans', async (signal) => {
    const { anam, file, refs } = await withGitLedger();
    anam.faults.push({ times: 1, effect: { type: 'hang' } });
    const running = file.start('apply', '--auto-approve');
    await vi.waitFor(() => expect(anam.requests).toHaveLength(1), { timeout: 20_000 });
    running.kill(signal);
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('interrupted: nothing was applied'),
    });
    expect(await refs()).not.toContain('lock');
    expect(writesTo(anam)).toEqual([]);
    expect((await file.run('apply', '--auto-approve')).code).toBe(0);
  });

  it('gives the ledger back when it comes while a person is asked', async () => {
    const anam = await emulate('anam');
    const { path: cwd, env, run } = await anamProject(anam.url, anamLlms(...NAMES));
    let interrupt = () => {};
    const terminal = capturingTerminal({
      cwd,
      env,
      onInterrupt(callback) {
        interrupt = callback;
        return () => undefined;
      },
      confirm: () => {
        interrupt();
        return new Promise<never>(() => {});
      },
    });
    expect(await main(['apply'], terminal)).toBe(130);
    expect(writesTo(anam)).toEqual([]);
    expect((await run('apply', '--auto-approve')).code).toBe(0);
  });
});

/** A project whose ledger lies on a ref of a remote. */
async function withGitLedger() {
  const anam = await emulate('anam', { latencyMs: 150 });
  const settings = '    concurrency: 1\nledger: { type: git }\n';
  const file = await anamProject(anam.url, anamLlms(...NAMES), settings);
  const remote = await folder();
  await execa('git', ['init', '--quiet', '--bare', remote]);
  await execa('git', ['init', '--quiet'], { cwd: file.path });
  await execa('git', ['remote', 'add', 'origin', remote], { cwd: file.path });
  return { anam, file, refs: async () => (await execa('git', ['ls-remote', remote])).stdout };
}
