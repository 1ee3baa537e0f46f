import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type GitPlace, openGitLedger } from '../../src/ledger/index.js';
import type { Ledger } from '../../src/model/ledger.js';
import { openGit } from '../../src/platform/git/git.js';
import { ledgerOf } from './ledger.js';
import { write } from './project.js';

export const PLACE: GitPlace = { ref: 'refs/llmform/ledger', remote: 'origin', path: 'ledger.json' };

/** A ledger that can be told from others by one number. */
export function numbered(n: number | string): Ledger {
  const objects = { 't/LLM/n': { vendor: 'anam', id: String(n), applied: {} } };
  return ledgerOf({ project: 'shop', objects });
}

/** A bare repository that plays the remote, and clones of it, all in one temporary folder. */
export interface Hub {
  folder: string;
  bare: string;
  env: Record<string, string>;
  /** Git in one of the folders, as a user would run it. Throws when it fails. */
  git(cwd: string, ...args: string[]): Promise<string>;
  clone(name: string, ...options: string[]): Promise<string>;
  /** Commits everything in a clone, with these files written before; undefined removes one. Returns the commit. */
  commit(clone: string, files?: Record<string, string | undefined>): Promise<string>;
  /** Makes a hook of the remote. */
  hook(name: string, script: string): Promise<void>;
  /** What the remote's ref points to; empty when it is not there. */
  tip(ref?: string): Promise<string>;
  /** Subjects of the ledger's commits, newest first. */
  history(): Promise<string[]>;
  remove(): Promise<void>;
}

/** For what records who did it. */
export const AUTHOR = ['-c', 'user.name=T', '-c', 'user.email=t@test'];

/** Two commits, in one go: every start of git takes its time. */
const HISTORY = ['one', 'two']
  .map((text) => {
    const data = `data ${text.length}\n${text}\n`;
    return `commit refs/heads/main\ncommitter T <t@test> 1700000000 +0000\n${data}M 100644 inline README.md\n${data}`;
  })
  .join('\n');

export async function openHub(): Promise<Hub> {
  const folder = await mkdtemp(join(tmpdir(), 'llmform-git-'));
  const bare = join(folder, 'origin.git');
  // Nothing of whoever runs the tests gets in: no settings, no identity, and no repository that a hook names.
  const env = { PATH: process.env.PATH ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  const git = async (cwd: string, ...args: string[]) =>
    (await execa('git', args, { cwd, env, extendEnv: false })).stdout;
  await git(folder, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', bare);
  await execa('git', ['fast-import', '--quiet'], { cwd: bare, env, extendEnv: false, input: HISTORY });
  return {
    folder,
    bare,
    env,
    git,
    async clone(name, ...options) {
      const path = join(folder, name);
      await git(folder, 'clone', '--quiet', ...options, `file://${bare}`, path);
      return path;
    },
    async commit(clone, files = {}) {
      for (const [name, text] of Object.entries(files)) {
        if (text === undefined) await rm(join(clone, name));
        else await write(clone, { [name]: text });
      }
      await git(clone, 'add', '--all');
      await git(clone, ...AUTHOR, 'commit', '--quiet', '--allow-empty', '-m', 'x');
      return git(clone, 'rev-parse', 'HEAD');
    },
    async hook(name, script) {
      await mkdir(join(bare, 'hooks'), { recursive: true });
      await writeFile(join(bare, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    tip: (ref = PLACE.ref) => git(bare, 'for-each-ref', '--format=%(objectname)', ref),
    history: async () => (await git(bare, 'log', '--format=%s', PLACE.ref)).split('\n'),
    // A git whose parent was killed may still be writing.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** The ledger as it is seen from a clone. */
export function ledgerIn({ env }: Hub, clone: string, place: Partial<GitPlace> = {}) {
  return openGitLedger(openGit(clone, env), { ...PLACE, ...place }, env);
}
