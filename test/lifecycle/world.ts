import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { main } from '../../src/cli/main.js';
import { type Emulator, startEmulator } from '../../src/emulator/index.js';
import type { Ledger } from '../../src/model/ledger.js';
import { fakeClock } from '../support/fake-clock.js';
import { openHub } from '../support/git-repository.js';
import { filesIn, leaksIn } from '../support/leaks.js';
import { capturingTerminal } from '../support/terminal.js';

export type LedgerType = 'file' | 'git';

/** Where the ledger is, as the project file says it. */
export type Place = { type: 'git' } | { type: 'file'; path: string };

export interface Ended {
  code: number;
  out: string;
  err: string;
}

export interface RunSettings {
  /** Where the command runs; default: the project. */
  folder?: string;
  /** Receives the function that does what Ctrl-C does. */
  onInterrupt?: (interrupt: () => void) => void;
  /** Waits take as long as they say. */
  realTime?: boolean;
}

/** A project in a folder, accounts at one vendor, and the place of the ledger. */
export interface World {
  vendor: string;
  place: Place;
  /** A place that the ledger can be moved to. */
  otherPlace(): Place;
  /** Commits all files; absent where the project is in no repository. */
  commit?: () => Promise<string>;
  /** The project's own folder. */
  folder: string;
  env: Record<string, string>;
  openAccount(credential: string): Promise<Emulator>;
  run(argv: readonly string[], settings?: RunSettings): Promise<Ended>;
  write(path: string, text: string): void;
  remove(path: string): void;
  ledger(): Ledger | undefined;
  loseLedger(): void;
  /** Keeps everything that llmform remembers, but for locks; returns what brings it back. */
  photograph(): () => void;
  /** Names of outputs and files that hold a secret. */
  leaks(): string[];
  close(): Promise<void>;
}

const LEDGER_REF = 'refs/llmform/ledger';
const FILE: Place = { type: 'file', path: '.llmform/ledger.json' };
const OTHER_FILE: Place = { type: 'file', path: '.llmform/moved.json' };

export async function openWorld(vendor: string, ledgerType: LedgerType): Promise<World> {
  const hub = ledgerType === 'git' ? await openHub() : undefined;
  const top = hub?.folder ?? mkdtempSync(join(tmpdir(), 'llmform-lifecycle-'));
  const folder = hub === undefined ? join(top, 'project') : await hub.clone('project');
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: top,
    XDG_STATE_HOME: join(top, 'state'),
    GIT_CONFIG_NOSYSTEM: '1',
    LC_ALL: 'C',
  };
  const accounts: Emulator[] = [];
  const printed = new Map<string, string>();
  const secrets = new Set<string>();

  /** Where llmform keeps what it remembers, in the project's folder and outside of it. */
  const kept = [
    join(folder, '.llmform'),
    join(top, 'state'),
    ...(hub === undefined
      ? []
      : [hub.bare, join(folder, '.git')].flatMap((git) =>
          ['refs', 'packed-refs', 'llmform'].map((name) => join(git, name)),
        )),
  ];

  /** The ledger in the commit that was read last: git takes its time to start. */
  let read: { commit: string; text: string } | undefined;
  function ledgerText(): string | undefined {
    const { place } = world;
    const path = place.type === 'file' ? join(folder, place.path) : join(hub?.bare ?? '', LEDGER_REF);
    if (!existsSync(path)) return undefined;
    const content = readFileSync(path, 'utf8');
    if (hub === undefined || place.type === 'file') return content;
    if (read?.commit !== content) {
      const options = { cwd: hub.bare, encoding: 'utf8' } as const;
      read = {
        commit: content,
        text: execFileSync('git', ['show', `${content.trim()}:ledger.json`], options),
      };
    }
    return read.text;
  }

  const world: World = {
    vendor,
    place: hub === undefined ? FILE : { type: 'git' },
    otherPlace() {
      if (hub !== undefined) return world.place.type === 'git' ? FILE : { type: 'git' };
      return world.place === FILE ? OTHER_FILE : FILE;
    },
    ...(hub !== undefined && { commit: () => hub.commit(folder) }),
    folder,
    env,
    async openAccount(credential) {
      const account = await startEmulator(vendor, { credential });
      accounts.push(account);
      return account;
    },
    async run(argv, { folder: cwd = folder, onInterrupt, realTime = false } = {}) {
      for (const [name, value] of Object.entries(env)) if (/^(SECRET|KEY)/.test(name)) secrets.add(value);
      const terminal = capturingTerminal({
        cwd,
        env: { ...env },
        ...(!realTime && { clock: fakeClock() }),
        onInterrupt(callback) {
          onInterrupt?.(callback);
          return () => undefined;
        },
      });
      const code = await main(argv, terminal);
      const { out, err } = terminal.printed();
      printed.set(`output ${printed.size + 1} of ${argv.join(' ')}`, out + err);
      return { code, out, err };
    },
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    remove: (path) => rmSync(join(folder, path), { recursive: true, force: true }),
    ledger() {
      const text = ledgerText();
      return text === undefined ? undefined : (JSON.parse(text) as Ledger);
    },
    loseLedger() {
      rmSync(join(folder, '.llmform'), { recursive: true, force: true });
      if (hub !== undefined) rmSync(join(hub.bare, LEDGER_REF), { force: true });
    },
    photograph() {
      const album = mkdtempSync(join(top, 'album-'));
      const isLock = (path: string) => /\.lock|^lock$/.test(basename(path));
      const shown = kept.map((path, i) => {
        const copy = join(album, String(i));
        if (existsSync(path)) cpSync(path, copy, { recursive: true, filter: (from) => !isLock(from) });
        return { path, copy };
      });
      return () => {
        for (const { path, copy } of shown) {
          rmSync(path, { recursive: true, force: true });
          if (existsSync(copy)) cpSync(copy, path, { recursive: true });
        }
      };
    },
    leaks() {
      const files = existsSync(join(folder, '.llmform')) ? filesIn(join(folder, '.llmform')) : new Map();
      const ledger = new Map([['the ledger', ledgerText() ?? '']]);
      return leaksIn(new Map([...printed, ...files, ...ledger]), [...secrets]);
    },
    async close() {
      await Promise.all(accounts.map((account) => account.close()));
      rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
  return world;
}
