import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CASTS, type Cast } from '../support/cast.js';
import { broken, bystandersOf, CLEAN } from './invariants.js';
import { type Moment, READS, runAndKill } from './kill.js';
import { bundleProgram, type Program } from './program.js';
import { type CrashProject, openCrashProject } from './project.js';
import { create, dropping, replace, rotate, type Scenario, setTheScene } from './scenarios.js';

// The runs that are killed are processes of their own, with the real one: both sides must agree on a digest.
vi.unmock('node:crypto');

const { liveavatar, anam, goodmem, flashback } = CASTS;

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program.remove());

const after = (method: string, path?: RegExp, n = 1): Moment => at('after', method, path, n);
const before = (method: string, path?: RegExp, n = 1): Moment => at('before', method, path, n);

function at(when: 'before' | 'after', method: string, path: RegExp | undefined, n: number): Moment {
  return { at: 'request', when, methods: [method], n, ...(path && { path }) };
}

/** One request at a time, unless told otherwise: then a moment is the same one in every run. */
async function open(scenario: Scenario, concurrency = 1): Promise<CrashProject> {
  const vendors = scenario.casts.map(({ vendor }) => vendor);
  const { options } = scenario;
  const project = await openCrashProject(program, { vendors, options, concurrency });
  onTestFinished(() => project.close());
  await setTheScene(scenario, project);
  return project;
}

/** Kills a run at each of some moments, lets the next one end, and checks that everything is in order. */
async function survives(scenario: Scenario, ...moments: Moment[]): Promise<CrashProject> {
  const project = await open(scenario);
  const bystanders = bystandersOf(scenario, project);
  const argv = [...CLEAN, ...scenario.flags];
  for (const moment of moments) {
    const ended = await runAndKill(project, argv, moment);
    expect(ended.killed, `${JSON.stringify(moment)} never came: ${ended.out}${ended.err}`).toBe(true);
  }
  expect(await broken(scenario, project, bystanders, await project.run(argv))).toEqual([]);
  return project;
}

function only(cast: Cast): Scenario {
  const [scenario] = replace(cast);
  if (scenario === undefined) throw new Error(`${cast.vendor} replaces nothing`);
  return scenario;
}

function posts(project: CrashProject): number {
  return Object.values(project.emulators)
    .flatMap(({ requests }) => requests)
    .filter(({ method }) => method === 'POST').length;
}

describe('a kill after an object was created and before that was recorded', () => {
  it.each([anam, goodmem, flashback])('does not double it: $vendor', async (cast) => {
    const project = await survives(create(cast), after('POST'));
    expect(posts(project)).toBeLessThanOrEqual(5);
  });

  it.each([
    ['LLM', /llm-configurations/],
    ['Secret', /secrets/],
  ])('does not double it: liveavatar %s', async (_kind, path) => {
    await survives(create(liveavatar), after('POST', path));
  });

  it('does not leave it behind when the next run is killed there too', async () => {
    const secrets = after('POST', /secrets/);
    await Promise.all([
      survives(create(liveavatar), secrets, secrets),
      survives(rotate(liveavatar), secrets, secrets, secrets),
      survives(only(anam), after('POST'), after('POST')),
    ]);
  });

  it('finds it by its mark, though it has to be replaced by then', async () => {
    const first = create(anam);
    const project = await open(first);
    const bystanders = bystandersOf(first, project);
    expect((await runAndKill(project, CLEAN, after('POST'))).killed).toBe(true);
    const second = { ...first, after: [0, 1, 2, 3, 4].map((i) => anam.llm(i, { llmFormat: 'gemini' })) };
    project.declare(second.after);
    expect((await runAndKill(project, CLEAN, after('POST', undefined, 5))).killed).toBe(true);
    expect(await broken(second, project, bystanders, await project.run(CLEAN))).toEqual([]);
  });

  it('leaves a secret made by hand, and takes what was created beside it for ours', async () => {
    const scenario: Scenario = {
      ...create(liveavatar),
      flags: ['--adopt'],
      meanwhile({ emulators }) {
        const spec = { secret_name: 'openai', secret_type: 'OPENAI_API_KEY', secret_value: 'theirs' };
        emulators.liveavatar?.put('Secret', spec);
      },
    };
    const project = await survives(scenario, after('POST', /secrets/), after('POST', /secrets/));
    expect(project.emulators.liveavatar?.objects('Secret')).toHaveLength(3);
  });

  it('tells objects of the same name apart by how many were begun', async () => {
    const twins = [0, 1].map((i) => liveavatar.llm(i, { display_name: 'Twin' }));
    const scenario = { ...create(liveavatar), after: [...liveavatar.common, ...twins] };
    const project = await open(scenario, 2);
    const bystanders = bystandersOf(scenario, project);
    // The first one is created, and its answer never comes.
    project.emulators.liveavatar?.faults.push({
      match: { method: 'POST', kind: 'LLM' },
      times: 1,
      effect: { type: 'hang', applied: true },
    });
    expect((await runAndKill(project, CLEAN, after('POST', /llm-conf/))).killed).toBe(true);
    expect(await broken(scenario, project, bystanders, await project.run(CLEAN))).toEqual([]);
  });
});

describe('a kill while many creates are under way', () => {
  it.each([liveavatar, anam, goodmem, flashback])(
    'doubles none of those that were sent, and creates the others: $vendor',
    async (cast) => {
      const llms = Array.from({ length: 24 }, (_, i) => cast.llm(i));
      const scenario = { ...create(cast), after: [...cast.common, ...llms] };
      const project = await open(scenario, 4);
      const bystanders = bystandersOf(scenario, project);
      expect((await runAndKill(project, CLEAN, after('POST', undefined, 10))).killed).toBe(true);
      const { objects = {}, intents = {} } = project.ledger() ?? {};
      // Some were answered since the last save, and some are not sent yet: each has its intent.
      const durable = Object.keys({ ...objects, ...intents });
      expect(durable.length).toBeGreaterThanOrEqual(10);
      expect(await broken(scenario, project, bystanders, await project.run(CLEAN))).toEqual([]);
    },
  );
});

describe('a kill within a replacement', () => {
  it.each([goodmem, flashback])('that removes first, once it has removed: $vendor', async (cast) => {
    await Promise.all([
      survives(only(cast), after('DELETE')),
      survives(only(cast), before('POST'), after('POST'), before('POST')),
    ]);
  });

  it('that creates first, before it has removed', async () => {
    await survives(only(anam), before('DELETE'), after('DELETE'));
  });
});

describe('a kill within a replacement whose manifest is removed next', () => {
  it.each([before('DELETE', undefined, 2), after('POST', undefined, 2)])(
    'leaves neither the new object nor the old one: %j',
    async (moment) => {
      const first = only(anam);
      const project = await open(first);
      const bystanders = bystandersOf(first, project);
      expect((await runAndKill(project, CLEAN, moment)).killed).toBe(true);
      const second = { ...first, after: first.after.slice(0, 1) };
      project.declare(second.after);
      expect(await broken(second, project, bystanders, await project.run(CLEAN))).toEqual([]);
    },
  );
});

describe('a kill within the rotation of a secret', () => {
  it('between the new secret and the LLMs', async () => {
    await survives(rotate(liveavatar), before('PATCH'));
  });

  it('between the LLMs and the end of the old secret', async () => {
    await survives(rotate(liveavatar), before('DELETE'), after('DELETE'));
  });

  it.each(['is pruned', 'vanishes'])(
    'keeps the old secret in mind, though the new one %s next',
    async (fate) => {
      const first = rotate(liveavatar);
      const project = await open(first);
      const bystanders = bystandersOf(first, project);
      expect((await runAndKill(project, CLEAN, before('DELETE', undefined, 2))).killed).toBe(true);
      const second = { ...first, after: [...liveavatar.common.slice(0, 1), liveavatar.llm(0)] };
      project.declare(second.after);
      if (fate === 'vanishes') {
        const lost = project.ledger()?.objects['liveavatar/Secret/second'];
        expect(lost?.retired).toHaveLength(1);
        project.emulators.liveavatar?.drop('Secret', lost?.id ?? '');
      }
      await runAndKill(project, CLEAN, after('DELETE', /secrets/));
      await runAndKill(project, CLEAN, after('DELETE', /secrets/));
      expect(await broken(second, project, bystanders, await project.run(CLEAN))).toEqual([]);
    },
  );
});

describe('what a kill left behind', () => {
  it('goes, though the version after it has gone by itself', async () => {
    const scenario: Scenario = { ...rotate(liveavatar), meanwhile: () => undefined };
    const project = await open(scenario);
    const bystanders = bystandersOf(scenario, project);
    expect((await runAndKill(project, CLEAN, before('DELETE'))).killed).toBe(true);
    const left = Object.entries(project.ledger()?.objects ?? {}).find(([, entry]) => entry.retired);
    project.emulators.liveavatar?.drop('Secret', left?.[1].id ?? 'nothing is left behind');
    expect(await broken(scenario, project, bystanders, await project.run(CLEAN))).toEqual([]);
  });

  it('stays in mind as long as it is used', async () => {
    const scenario = rotate(liveavatar);
    const project = await open(scenario);
    const { liveavatar: emulator } = project.emulators;
    const secrets = () => emulator?.objects('Secret').map(({ id }) => String(id)) ?? [];
    const known = secrets();
    expect((await runAndKill(project, CLEAN, after('POST'))).killed).toBe(true);
    const [left = ''] = secrets().filter((id) => !known.includes(id));
    const theirs = emulator?.put('LLM', { display_name: 'Theirs', secret_id: left }) ?? '';
    // Nothing is to be changed any more, and nothing may be removed yet.
    project.env.SECRET = 'sk-HUSH/first+=&1';
    expect((await project.run(CLEAN)).code).toBe(0);
    expect(secrets()).toContain(left);
    expect(Object.keys(project.ledger()?.intents ?? {})).toEqual([]);
    emulator?.drop('LLM', theirs);
    expect((await project.run(CLEAN)).code).toBe(0);
    expect(secrets()).not.toContain(left);
  });
});

describe('a kill in the bookkeeping', () => {
  it('between two records', async () => {
    await survives(create(flashback), before('POST', undefined, 3), after('POST', undefined, 2));
  });

  it('before the read-back was recorded', async () => {
    const scenario = dropping(anam);
    // One listing to plan, a read before each of three updates, and one listing to read back.
    const project = await survives(scenario, after('GET', undefined, 5));
    const [entry] = Object.values(project.ledger()?.objects ?? {});
    expect(Object.keys(entry?.notPersisted ?? {})).toEqual(['/temperature']);
  });

  it('while the ledger was written leaves half a file that is not read, and a lock without a holder', async () => {
    const scenario = create(anam);
    const project = await open(scenario);
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const folder = join(project.folder, '.llmform');
    mkdirSync(folder);
    writeFileSync(join(folder, '.ledger.json.0a1b2c3d4e5f.tmp'), '{ "formatVersion": 1, "objec');
    const holder = { pid: gone.pid, host: hostname(), since: new Date().toISOString(), token: 'ab12' };
    writeFileSync(join(folder, 'ledger.json.lock'), JSON.stringify(holder));
    const bystanders = bystandersOf(scenario, project);
    expect(await broken(scenario, project, bystanders, await project.run(CLEAN))).toEqual([]);
  });

  it('while it only read changes nothing at all', async () => {
    const moment: Moment = { at: 'request', n: 1, when: 'after', methods: READS };
    const scenario = create(goodmem);
    const project = await open(scenario);
    expect((await runAndKill(project, CLEAN, moment)).killed).toBe(true);
    expect(project.ledger()).toBeUndefined();
    expect(project.emulators.goodmem?.objects('LLM')).toHaveLength(1);
  });
});
