import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  DiagnosticError,
  hasChanges,
  type Ledger,
  type LedgerStore,
  openClient,
  openProject,
  openSecrets,
} from '../../src/index.js';
import { anamLlms, anamProject, emulate, KEYS, writesTo } from '../support/project.js';

// The command, a process of its own, reads the same digests.
vi.unmock('node:crypto');

async function shop(...names: string[]) {
  const anam = await emulate('anam');
  const files = await anamProject(anam.url, anamLlms(...names));
  const config = join(files.path, 'llmform.yaml');
  return { anam, files, config, ledger: join(files.path, '.llmform/ledger.json') };
}

const env = KEYS;

async function codesOf(failing: Promise<unknown>): Promise<string[]> {
  const error = await failing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DiagnosticError)) throw error ?? new Error('nothing was refused');
  return error.diagnostics.map(({ code }) => code);
}

describe('a project opened by a program', () => {
  it('is planned without a write, and applied as the command applies it', async () => {
    const { anam, config, files, ledger } = await shop('one', 'two');
    const project = await openProject(config, { env });
    expect([project.targets.map(({ name }) => name), project.manifests.length]).toEqual([['anam'], 2]);

    const plan = await project.plan();
    expect(plan.summary).toMatchObject({ create: 2 });
    expect([hasChanges(plan), JSON.stringify(plan).includes(KEYS.OPENAI)]).toEqual([true, false]);
    expect(writesTo(anam)).toEqual([]);

    const done: string[] = [];
    const applied = await project.apply({
      fingerprint: plan.fingerprint,
      onOutcome: ({ address }) => done.push(address),
    });
    expect(applied).toMatchObject({ whole: true, interrupted: false, warnings: [] });
    expect(applied.report.summary).toMatchObject({ applied: 2 });
    expect(existsSync(ledger)).toBe(true);
    expect(done.sort()).toEqual(['anam/LLM/one', 'anam/LLM/two']);
    expect(hasChanges(await project.plan())).toBe(false);
    expect(await files.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });

  it('tells every mistake in its files at once, and that a file is missing', async () => {
    const { config, files } = await shop('one');
    const wrong = (await files.read('llms/one.yaml')).replace('modelName', 'modelNam');
    await files.write({ 'llms/one.yaml': wrong, 'llms/two.yaml': 'kind: [' });
    expect((await codesOf(openProject(config, { env }))).length).toBeGreaterThan(1);
    expect(await codesOf(openProject(`${config}.missing`, { env }))).toEqual(['project']);
    expect(await codesOf(openProject(config, { env, targets: ['nowhere'] }))).toEqual(['unknown']);
  });

  it('allows in CI what is allowed from outside of its files', async () => {
    const { config, files } = await shop('one');
    const elsewhere = (await files.read('llmform.yaml')).replace(/http:\S+/, 'https://llms.example.com');
    await files.write({ 'llmform.yaml': elsewhere });
    const ci = { ...env, CI: 'true' };
    expect(await codesOf(openProject(config, { env: ci }))).toEqual(['guard']);
    await openProject(config, { env: ci, allowHosts: ['llms.example.com'] });
  });
});

describe('an apply by a program writes nothing', () => {
  it('where the plan is not the reviewed one', async () => {
    const { anam, config, files } = await shop('one');
    const { fingerprint } = await (await openProject(config, { env })).plan();
    await files.write(anamLlms('two'));
    const changed = await openProject(config, { env });
    expect(await codesOf(changed.apply({ fingerprint }))).toEqual(['stale']);
    expect(writesTo(anam)).toEqual([]);
  });

  it('where the program does not approve it', async () => {
    const { anam, config } = await shop('one');
    const project = await openProject(config, { env });
    const approve = ({ summary }: { summary: { create: number } }) => {
      throw new Error(`${summary.create} is too many`);
    };
    await expect(project.apply({ approve })).rejects.toThrow('1 is too many');
    expect(writesTo(anam)).toEqual([]);
  });

  it('where the plan has errors', async () => {
    const { anam, config } = await shop('one');
    const project = await openProject(config, { env: { ANAM_KEY: 'wrong', OPENAI: KEYS.OPENAI } });
    expect(await codesOf(project.apply())).not.toEqual([]);
    expect(writesTo(anam)).toEqual([]);
  });

  it('beyond the guards, unless the program allows it', async () => {
    const { anam, config, files } = await shop('one', 'two', 'three', 'four', 'five', 'six');
    await (await openProject(config, { env })).apply();
    const gone = ['two', 'three', 'four', 'five', 'six'].map((name) => [`llms/${name}.yaml`, '']);
    await files.write({ ...Object.fromEntries(gone) });
    await files.write({ 'llmform.yaml': `${await files.read('llmform.yaml')}guards: { maxDelete: 1 }\n` });
    const project = await openProject(config, { env, prune: true });
    const before = writesTo(anam).length;
    expect(await codesOf(project.apply())).toEqual(['guard']);
    expect(writesTo(anam)).toHaveLength(before);
    expect(await project.apply({ allow: { maxDelete: 5 } })).toMatchObject({ whole: true });
  });
});

describe('ports of a program', () => {
  it('take the place of those for Node', async () => {
    const { anam, config, ledger } = await shop('one');
    const kept = memoryLedger();
    const sent: string[] = [];
    const project = await openProject(config, {
      env: {},
      ports: {
        ledger: kept.store,
        secrets: { ...openSecrets(process.cwd()), resolve: async () => KEYS.ANAM_KEY },
        client(target, vendor, credential) {
          const client = openClient(target, vendor, credential, { clean: (text) => text });
          return {
            ...client,
            write(request) {
              sent.push(`${request.method} ${request.path}`);
              return client.write(request);
            },
          };
        },
      },
    });
    expect(await project.apply()).toMatchObject({ whole: true });
    expect(sent).toEqual(['POST /v1/llms']);
    expect(writesTo(anam)).toHaveLength(1);
    expect(Object.keys(kept.now()?.objects ?? {})).toEqual(['anam/LLM/one']);
    expect(existsSync(ledger)).toBe(false);
    expect(hasChanges(await project.plan())).toBe(false);
  });
});

function memoryLedger(): { store: LedgerStore; now: () => Ledger | undefined } {
  let text: string | undefined;
  const now = () => (text === undefined ? undefined : (JSON.parse(text) as Ledger));
  const save = async (ledger: Ledger) => {
    text = JSON.stringify(ledger);
  };
  return { store: { read: async () => now(), lock: async () => ({ save, release: async () => [] }) }, now };
}
