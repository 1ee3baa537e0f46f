import { describe, expect, it, vi } from 'vitest';
import { planIn, reportIn } from '../support/output-schemas.js';
import { anamLlms, anamProject, emulate, namesAt, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('an interrupted apply', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
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

  it('leaves no lock behind where it had not begun to write', async () => {
    const anam = await emulate('anam');
    const file = await anamProject(anam.url, anamLlms('a'));
    anam.faults.push({ times: 1, effect: { type: 'hang' } });
    const running = file.start('apply', '--auto-approve');
    await vi.waitFor(() => expect(anam.requests).toHaveLength(1), { timeout: 20_000 });
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    await expect(file.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');
  });
});
