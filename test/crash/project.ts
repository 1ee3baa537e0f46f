import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import type { JsonObject } from '../../src/model/json.js';
import type { Ledger } from '../../src/model/ledger.js';
import { filesIn, leaksIn } from '../support/leaks.js';
import { ageLedger } from '../support/ledger.js';
import { capturingTerminal } from '../support/terminal.js';
import type { Program, RunningProgram } from './program.js';

export interface Ended {
  code: number | undefined;
  killed: boolean;
  out: string;
  err: string;
}

/** A project in a temporary folder with one emulated target for each of its vendors, which bears the vendor's name. */
export interface CrashProject {
  folder: string;
  emulators: Readonly<Record<string, Emulator>>;
  env: Record<string, string>;
  /** Replaces all manifests. */
  declare(documents: readonly JsonObject[]): void;
  /** Runs `llmform` in a process of its own. `onStart` gets hold of it, to kill it. */
  run(argv: readonly string[], onStart?: (running: RunningProgram) => void): Promise<Ended>;
  /** Runs `llmform` in this process, where nobody is going to kill it: that is faster. */
  runHere(argv: readonly string[]): Promise<Ended>;
  ledger(): Ledger | undefined;
  /** As if what is in the ledger had been written long ago: these vendors show everything at once, and nothing waits. */
  letTimePass(): void;
  /** What lies beside the ledger. */
  besideLedger(): string[];
  /** Names of outputs and files that hold a secret. */
  leaks(): string[];
  close(): Promise<void>;
}

export interface CrashSettings {
  vendors: readonly string[];
  /** Switches of the emulators, by vendor. */
  options?: Record<string, Record<string, unknown>> | undefined;
  /** Requests in flight, at most, of each target. */
  concurrency?: number | undefined;
}

export async function openCrashProject(
  program: Program,
  { vendors, options = {}, concurrency = 4 }: CrashSettings,
): Promise<CrashProject> {
  const folder = mkdtempSync(join(tmpdir(), 'llmform-crash-'));
  const emulators: Record<string, Emulator> = {};
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', SECRET: 'sk-HUSH/first+=&1' };
  const targets: Record<string, JsonObject> = {};
  const printed = new Map<string, string>();
  for (const vendor of vendors) {
    const credential = `credential-of-${vendor}`;
    const emulator = await startEmulator(vendor, { credential, options: options[vendor] ?? {} });
    emulators[vendor] = emulator;
    env[`KEY_OF_${vendor.toUpperCase()}`] = credential;
    targets[vendor] = {
      vendor,
      baseUrl: emulator.url,
      auth: { fromEnv: `KEY_OF_${vendor.toUpperCase()}` },
      requestsPerSecond: 1000,
      concurrency,
    };
  }
  const file = { apiVersion: 'llmform/v1', kind: 'Project', name: 'crash', targets };
  writeFileSync(join(folder, 'llmform.yaml'), JSON.stringify(file));
  mkdirSync(join(folder, 'manifests'));
  const ledgerFolder = join(folder, '.llmform');
  const ledgerFile = join(ledgerFolder, 'ledger.json');
  const print = (ended: Ended, argv: readonly string[]): Ended => {
    printed.set(`output ${printed.size + 1} of ${argv.join(' ')}`, ended.out + ended.err);
    return ended;
  };

  return {
    folder,
    emulators,
    env,
    declare(documents) {
      const text = documents.map((document) => `---\n${JSON.stringify(document)}\n`).join('');
      writeFileSync(join(folder, 'manifests', 'all.yaml'), text);
    },
    async run(argv, onStart) {
      const running = program.start(argv, folder, env);
      onStart?.(running);
      const { exitCode, signal, stdout, stderr } = await running;
      return print({ code: exitCode, killed: signal === 'SIGKILL', out: stdout, err: stderr }, argv);
    },
    async runHere(argv) {
      const terminal = capturingTerminal({ cwd: folder, env });
      const code = await program.main(argv, terminal);
      return print({ code, killed: false, ...terminal.printed() }, argv);
    },
    ledger: () =>
      existsSync(ledgerFile) ? (JSON.parse(readFileSync(ledgerFile, 'utf8')) as Ledger) : undefined,
    letTimePass: () => {
      if (existsSync(ledgerFile)) ageLedger(ledgerFile);
    },
    besideLedger: () =>
      existsSync(ledgerFolder) ? readdirSync(ledgerFolder).filter((name) => name !== 'ledger.json') : [],
    leaks: () => leaksIn(new Map([...printed, ...filesIn(folder)]), Object.values(env).slice(1)),
    async close() {
      await Promise.all(Object.values(emulators).map((emulator) => emulator.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
