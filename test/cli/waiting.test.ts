import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { reportIn } from '../support/output-schemas.js';
import { anamLlms, anamProject, emulate } from '../support/project.js';
import { openSandbox, readsFrom, type Sandbox, writesTo } from '../support/sandbox.js';

const UNAVAILABLE = { type: 'status', status: 503 } as const;
const LIMITED = { type: 'status', status: 429 } as const;

function llms(count: number, modelName = 'gpt-4o'): JsonObject[] {
  return Array.from({ length: count }, (_, i) => ({
    apiVersion: 'llmform/v1',
    kind: 'LLM',
    vendor: 'anam',
    metadata: { name: `llm-${i}` },
    spec: {
      displayName: `llm-${i}`,
      llmFormat: 'openai',
      modelName,
      urls: [{ url: 'https://api.openai.com/v1/chat/completions' }],
      secret: { fromEnv: 'SECRET' },
    },
  }));
}

/** A project with so many objects, in order; then they are declared to change. */
async function updating(count: number): Promise<Sandbox> {
  const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
  sandbox.declare(...llms(count));
  expect((await sandbox.apply()).code).toBe(0);
  sandbox.declare(...llms(count, 'gpt-5'));
  sandbox.emulator.requests.length = 0;
  return sandbox;
}

describe('an apply in whose middle the vendor is down', () => {
  it('waits, says so on stderr, and applies everything', async () => {
    const sandbox = await updating(60);
    sandbox.emulator.faults.push({ skip: 60, times: 60, effect: UNAVAILABLE });
    const { code, report, err } = await sandbox.apply();
    expect({ code, ...report.summary }).toEqual({ code: 0, applied: 60, failed: 0, stale: 0, skipped: 0 });
    const lines = err.split('\n').filter((line) => /^(waiting|anam \w+ )/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^waiting for anam: the vendor failed \(HTTP 503\)/),
      expect.stringMatching(/^anam answers again \(\d+ s\)$/),
    ]);
  });

  it('says nothing of that where the user wants quiet', async () => {
    const sandbox = await updating(20);
    sandbox.emulator.faults.push({ skip: 20, times: 30, effect: UNAVAILABLE });
    const { code, err } = await sandbox.apply('--quiet');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('gives up in the end, with an outcome for each change', async () => {
    const sandbox = await updating(60);
    sandbox.emulator.faults.push({ skip: 60, effect: UNAVAILABLE });
    const { code, report, err } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.outcomes).toHaveLength(60);
    expect(report.summary.applied).toBeGreaterThan(0);
    expect(report.summary.failed).toBeGreaterThan(0);
    expect(err).toContain('anam does not answer: gave up waiting');
    const sent = sandbox.emulator.requests.filter(({ status }) => status === 503);
    expect(sent.length).toBeLessThan(100);
  });

  it('is interrupted while it waits, and ends with all outcomes', async () => {
    const anam = await emulate('anam');
    const names = ['a', 'b', 'c', 'd'];
    const project = await anamProject(anam.url, anamLlms(...names), '    concurrency: 1\n');
    // The listing is answered, and nothing after the first create.
    anam.faults.push({ match: { method: 'POST' }, skip: 1, effect: { type: 'status', status: 501 } });
    anam.faults.push({ match: { method: 'GET' }, skip: 1, effect: { type: 'status', status: 501 } });
    const running = project.start('apply', '--auto-approve', '--format', 'json');
    let said = '';
    running.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    await vi.waitFor(() => expect(said).toContain('waiting for anam'), { timeout: 20_000 });
    running.kill('SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    expect(reportIn(stdout).summary).toMatchObject({ applied: 1, failed: 1, skipped: 2 });
  });
});

describe('a plan', () => {
  it('does not wait for a target that never answered', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(...llms(1));
    sandbox.emulator.faults.push({ effect: UNAVAILABLE });
    const { code, err } = await sandbox.run('plan');
    expect(code).toBe(1);
    expect(err).not.toContain('waiting');
    expect(readsFrom(sandbox.emulator)).toHaveLength(4);
  });
});

describe('an account that allows no more for a while', () => {
  it.each([[[]], [['--quiet']]])('is said to be waited for, unless with --quiet: %j', async (flags) => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(...llms(3));
    const effect = { ...LIMITED, headers: { 'retry-after': '4' } };
    sandbox.emulator.faults.push({ match: { method: 'POST' }, skip: 1, times: 1, effect });
    const { code, err } = await sandbox.apply(...flags);
    const lines = err.split('\n').filter((line) => /^(waiting|anam \w+ )/.test(line));
    const said = [
      'waiting for anam: the vendor asks to wait 4 s',
      expect.stringMatching(/^anam answers again/),
    ];
    expect({ code, lines }).toEqual({ code: 0, lines: flags.length === 0 ? said : [] });
  });

  it('loses none of 200 creates', async () => {
    const sandbox = await openSandbox({
      targets: { anam: { vendor: 'anam', rest: { requestsPerSecond: 8 } } },
    });
    sandbox.declare(...llms(200));
    sandbox.emulator.faults.push({ match: { method: 'POST' }, skip: 20, times: 20, effect: LIMITED });
    const { code, report } = await sandbox.apply();
    expect({ code, ...report.summary }).toMatchObject({ code: 0, applied: 200 });
    expect(writesTo(sandbox.emulator)).toHaveLength(220);
  });
});

describe('creates whose answer is unclear', () => {
  /** Paths of the listings after the first create. */
  function listingsAfterCreates({ emulator: { requests } }: Sandbox): string[] {
    const first = requests.findIndex(({ method }) => method === 'POST');
    return requests.slice(first).flatMap(({ method, path }) => (method === 'GET' ? [path] : []));
  }

  it('are looked up with one listing', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(...llms(200));
    sandbox.emulator.faults.push({ match: { method: 'POST' }, effect: { type: 'html' } });
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    expect(report.summary).toEqual({ applied: 0, failed: 200, stale: 0, skipped: 0 });
    expect(report.outcomes.every(({ error }) => error?.code === 'not-json')).toBe(true);
    expect(listingsAfterCreates(sandbox)).toHaveLength(1);
    // Their intents stay, so that the next apply looks again and nothing is doubled.
    expect(Object.keys(sandbox.ledger().intents)).toHaveLength(200);
    sandbox.emulator.faults.length = 0;
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toHaveLength(200);
  });

  it('are found with it where they were carried out', async () => {
    const sandbox = await openSandbox({ targets: { anam: { vendor: 'anam' } } });
    sandbox.declare(...llms(80));
    sandbox.emulator.faults.push({ match: { method: 'POST' }, effect: { type: 'truncate' } });
    const { code, report } = await sandbox.apply();
    expect({ code, ...report.summary }).toMatchObject({ code: 0, applied: 80 });
    expect(sandbox.emulator.objects('LLM')).toHaveLength(80);
    // One to look for them, and one to read back what was written.
    expect(listingsAfterCreates(sandbox)).toHaveLength(2);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('are read one by one where we made their ids', async () => {
    const sandbox = await openSandbox({ targets: { goodmem: { vendor: 'goodmem' } } });
    sandbox.declare(
      ...['a', 'b', 'c'].map((name) => ({
        apiVersion: 'llmform/v1',
        kind: 'LLM',
        vendor: 'goodmem',
        metadata: { name },
        spec: {
          displayName: name,
          providerType: 'OPENAI',
          endpointUrl: `https://llm.example.com/${name}`,
          modelIdentifier: 'gpt-4o',
          credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: { fromEnv: 'SECRET' } } },
          capabilities: {
            supportsChat: true,
            supportsCompletion: false,
            supportsFunctionCalling: true,
            supportsSystemMessages: true,
            supportsStreaming: true,
            supportsSamplingParameters: true,
          },
        },
      })),
    );
    sandbox.emulator.faults.push({ match: { method: 'POST' }, effect: { type: 'truncate' } });
    const { code } = await sandbox.apply();
    expect(code).toBe(0);
    const reads = listingsAfterCreates(sandbox);
    expect(reads.filter((path) => /\/[0-9a-f-]{36}$/.test(path)).length).toBeGreaterThanOrEqual(3);
  });
});
