import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import type { Diagnostic } from '../../src/model/diagnostic.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Ledger } from '../../src/model/ledger.js';
import type { ApplyReport } from '../../src/model/outcome.js';
import type { Plan, PlannedRequest } from '../../src/model/plan.js';
import { type FakeClock, fakeClock } from './fake-clock.js';
import { filesIn, leaksIn } from './leaks.js';
import { capturingTerminal } from './terminal.js';

/** Distinctive, and different in each of its encodings. */
export const SECRET = 'sk-HUSH/7+z9=&"one"';
export const OTHER_SECRET = 'sk-HUSH/8+y8=&"two"';
export const SECOND_SECRET = 'ak-QUIET/5+x7=&"key"';

export interface TargetSettings {
  vendor: string;
  options?: Record<string, unknown>;
  tls?: { key: string; cert: string };
  /** Members of the target in the project file. */
  rest?: JsonObject;
}

export interface SandboxSettings {
  /** By name; each gets an emulator of its own. */
  targets: Record<string, TargetSettings>;
  /** Members of the project file. */
  project?: JsonObject;
}

export interface Run {
  code: number;
  out: string;
  err: string;
}

export interface PlanRun extends Run {
  plan: Plan;
}

export interface ApplyRun extends Run {
  report: ApplyReport;
}

/** A project in a temporary folder, with its targets emulated. */
export interface Sandbox {
  folder: string;
  emulators: Record<string, Emulator>;
  /** The only target's emulator. */
  emulator: Emulator;
  /** Variables of every command; all of them are secrets. */
  env: Record<string, string | undefined>;
  /** What every command measures its waits with: they are over at once. */
  clock: FakeClock;
  /** Answers the question of apply; undefined: nobody is there. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Replaces all manifests. */
  declare(...documents: JsonObject[]): void;
  write(path: string, text: string): void;
  run(...argv: string[]): Promise<Run>;
  /** Plans, and checks that planning only read. */
  plan(...flags: string[]): Promise<PlanRun>;
  /** Applies with approval. */
  apply(...flags: string[]): Promise<ApplyRun>;
  ledger(): Ledger;
  saveLedger(ledger: Ledger): void;
  loseLedger(): void;
}

/**
 * Opens a sandbox that ends with the running test. Whatever a command printed or left on disk by then is searched
 * for secrets, so that every test is a test of that as well.
 */
export async function openSandbox({ targets, project = {} }: SandboxSettings): Promise<Sandbox> {
  // Repeated reads wait at random; chance has no place in a test, and neither has waiting.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const folder = await mkdtemp(join(tmpdir(), 'llmform-test-'));
  const emulators: Record<string, Emulator> = {};
  const clock = fakeClock();
  const env: Sandbox['env'] = { SECRET, OTHER_SECRET, SECOND_SECRET };
  const printed = new Map<string, string>();

  onTestFinished(async () => {
    await Promise.all(Object.values(emulators).map((emulator) => emulator.close()));
    const left = filesIn(folder);
    rmSync(folder, { recursive: true, force: true });
    vi.restoreAllMocks();
    const secrets = Object.values(env).filter((value) => value !== undefined);
    expect(leaksIn(new Map([...printed, ...left]), secrets)).toEqual([]);
  });

  for (const [name, { vendor, options = {}, tls }] of Object.entries(targets)) {
    const credential = `credential-of-${name}/+=&`;
    emulators[name] = await startEmulator(vendor, {
      credential,
      options,
      now: clock.now,
      ...(tls && { tls }),
    });
    env[variableOf(name)] = credential;
  }
  const ledgerPath = join(folder, '.llmform', 'ledger.json');

  const sandbox: Sandbox = {
    folder,
    emulators,
    get emulator() {
      const [only] = Object.values(emulators);
      if (only === undefined) throw new Error('this sandbox has no target');
      return only;
    },
    env,
    clock,
    confirm: undefined,
    declare: (...documents) =>
      sandbox.write(
        'manifests/all.yaml',
        documents.length === 0 ? '# none\n' : documents.map((d) => `---\n${JSON.stringify(d)}\n`).join(''),
      ),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    async run(...argv) {
      const terminal = capturingTerminal({
        cwd: folder,
        env,
        clock: sandbox.clock,
        confirm: sandbox.confirm,
      });
      const code = await main(argv, terminal);
      const { out, err } = terminal.printed();
      printed.set(`output ${printed.size + 1}: ${argv.join(' ')}`, out + err);
      return { code, out, err };
    },
    async plan(...flags) {
      const before = Object.values(emulators).map(({ requests }) => requests.length);
      const run = await sandbox.run('plan', '--format', 'json', ...flags);
      const sent = Object.values(emulators).flatMap(({ requests }, i) => requests.slice(before[i]));
      expect(sent.filter(({ method }) => method !== 'GET')).toEqual([]);
      const plan = JSON.parse(run.out) as Plan;
      // A handshake that fails is a request to us, and none to the emulator.
      if (plan.requests !== undefined && sent.length > 0) expect(plan.requests.read).toBe(sent.length);
      return { ...run, plan };
    },
    async apply(...flags) {
      const run = await sandbox.run('apply', '--format', 'json', '--auto-approve', ...flags);
      return { ...run, report: JSON.parse(run.out) as ApplyReport };
    },
    ledger: () => JSON.parse(readFileSync(ledgerPath, 'utf8')) as Ledger,
    saveLedger: (ledger) => sandbox.write('.llmform/ledger.json', JSON.stringify(ledger)),
    loseLedger: () => rmSync(ledgerPath, { force: existsSync(ledgerPath) }),
  };
  const described = Object.entries(targets).map(([name, { vendor, rest }]) => [
    name,
    {
      vendor,
      baseUrl: emulators[name]?.url ?? '',
      auth: { fromEnv: variableOf(name) },
      requestsPerSecond: 1000,
      ...rest,
    },
  ]);
  const file = { apiVersion: 'llmform/v1', kind: 'Project', name: 'tests', ...project };
  sandbox.write('llmform.yaml', JSON.stringify({ ...file, targets: Object.fromEntries(described) }));
  return sandbox;
}

/** The variable that holds the credential of a target. */
export function variableOf(target: string): string {
  return `CREDENTIAL_${target.toUpperCase().replaceAll('-', '_')}`;
}

/** What reached an emulator to write, in order. */
export function writesTo(emulator: Emulator): PlannedRequest[] {
  return emulator.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => (body === undefined ? { method, path } : { method, path, body }));
}

/** Paths of the reads that reached an emulator. */
export function readsFrom(emulator: Emulator): string[] {
  return emulator.requests.filter(({ method }) => method === 'GET').map(({ path }) => path);
}

/** Everything a command found, in one text. */
export function said(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ summary, detail = '' }) => `${summary} ${detail}`).join('\n');
}
