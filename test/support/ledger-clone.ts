import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import type { Emulator } from '../../src/emulator/index.js';
import { type Hub, openHub } from './git-repository.js';
import { anamLlms, emulate, KEYS, later, projectFile, write } from './project.js';
import { llmform, type Result } from './run-cli.js';
import { capturingTerminal } from './terminal.js';

/** The settings of both kinds of ledger that a repository can have. */
export const LEDGERS = {
  file: 'ledger: { type: file, path: state/ledger.json }\n',
  git: 'ledger: { type: git }\n',
} as const;

/** A project in a clone of a repository, and what is done with it. */
export interface LedgerClone {
  hub: Hub;
  path: string;
  emulator: Emulator;
  run(...args: string[]): Promise<Result>;
  runWith(env: Record<string, string>, ...args: string[]): Promise<Result>;
  git(...args: string[]): Promise<string>;
  /** Writes these files and commits everything. */
  commit(files?: Record<string, string | undefined>): Promise<string>;
  read(file: string): Promise<string>;
  write(files: Record<string, string>): Promise<void>;
  /** The project file with other settings. */
  settings(text: string): Record<string, string>;
  /** Another clone of the same repository, as it is at the remote. */
  another(name: string): Promise<LedgerClone>;
}

/** A clone with a project of one Anam target that the running test's end removes. */
export async function openLedgerClone(settings: string, ...names: string[]): Promise<LedgerClone> {
  const emulator = await emulate('anam');
  const hub = await openHub();
  later(() => hub.remove());
  const open = async (name: string): Promise<LedgerClone> => {
    const path = await hub.clone(name);
    const env = { ...KEYS, ...hub.env };
    const project = (text: string) => ({ 'llmform.yaml': projectFile(emulator.url, text) });
    return {
      hub,
      path,
      emulator,
      run: (...args) => run(args, path, env),
      runWith: (more, ...args) => run(args, path, { ...env, ...more }),
      git: (...args) => hub.git(path, '-c', 'user.name=T', '-c', 'user.email=t@test', ...args),
      commit: (files) => hub.commit(path, files),
      read: (file) => readFile(join(path, file), 'utf8'),
      write: (files) => write(path, files),
      settings: project,
      another: open,
    };
  };
  const clone = await open('one');
  await clone.commit({ ...clone.settings(settings), ...anamLlms(...names) });
  await clone.git('push', '--quiet', 'origin', 'HEAD:main');
  return clone;
}

/** In this process, which is far quicker than one of its own; watch needs the signals of one. */
async function run(args: readonly string[], cwd: string, env: Record<string, string>): Promise<Result> {
  if (args[0] === 'watch') return llmform(args, { cwd, env });
  const terminal = capturingTerminal({ cwd, env });
  const code = await main(args, terminal);
  return { code, ...terminal.printed() };
}
