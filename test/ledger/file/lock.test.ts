import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyLedger, openFileLedger } from '../../../src/ledger/index.js';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import { processStartTime } from '../../../src/platform/fs/process-start-time.js';
import { endProcess } from '../../support/end-process.js';

let scripts: string;
let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), 'llmform-lock-script-'));
  await build({
    entryPoints: [fileURLToPath(new URL('../../support/apply-process.ts', import.meta.url))],
    outfile: join(scripts, 'apply.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});
afterAll(() => rm(scripts, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-lock-'));
  path = join(folder, 'ledger.json');
});
afterEach(async () => {
  for (const child of children.splice(0)) await endProcess(child);
  await rm(folder, { recursive: true, force: true });
});

interface Message {
  got?: boolean;
  detail?: string;
  released?: boolean;
  saving?: boolean;
}

/** A process that is ready to try. */
async function prepare(): Promise<ChildProcess> {
  const child = fork(join(scripts, 'apply.mjs'), [path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  await next(child);
  return child;
}

async function next(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message');
  return message as Message;
}

async function ask(child: ChildProcess, order: string): Promise<Message> {
  const answer = next(child);
  child.send(order);
  return answer;
}

async function refusal(): Promise<string> {
  const error = await openFileLedger(path, 'state/ledger.json')
    .lock()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DiagnosticError);
  const [first] = (error as DiagnosticError).diagnostics;
  expect(first).toMatchObject({
    code: 'ledger',
    summary: 'another apply holds the ledger state/ledger.json',
  });
  return first?.detail ?? '';
}

const locks = async () => (await readdir(folder)).filter((name) => name.includes('.lock'));

describe('the lock of a ledger', () => {
  it('lets one process in and tells the others who it is and what to do', async () => {
    const holder = await prepare();
    expect(await ask(holder, 'try')).toEqual({ got: true });
    const detail = await refusal();
    expect(detail).toContain(`process ${holder.pid} on ${hostname()}, since 20`);
    expect(detail).toContain('delete state/ledger.json.lock');

    expect(await ask(holder, 'release')).toEqual({ released: true });
    const lock = await openFileLedger(path, 'ledger.json').lock();
    await lock.release();
    await lock.release();
    expect(await locks()).toEqual([]);
  });

  it('excludes a second apply of the same process', async () => {
    const lock = await openFileLedger(path, 'ledger.json').lock();
    expect(await refusal()).toContain(`process ${process.pid} `);
    await lock.release();
  });

  it('goes when its process exits without releasing it', async () => {
    const holder = await prepare();
    await ask(holder, 'try');
    const gone = once(holder, 'exit');
    holder.send('exit');
    await gone;
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is taken over from a process that died while it took over from another one', async () => {
    const victim = await prepare();
    expect(await ask(victim, 'try')).toEqual({ got: true });
    await endProcess(victim);
    const { token } = JSON.parse(await readFile(`${path}.lock`, 'utf8')) as { token: string };
    const claim = { pid: victim.pid, host: hostname(), since: new Date().toISOString(), token: 'c1a1' };
    await writeFile(`${path}.lock.${token}`, JSON.stringify(claim));
    const lock = await openFileLedger(path, 'ledger.json').lock();
    expect(await locks()).toEqual(['ledger.json.lock']);
    await lock.release();
  });

  it('is taken over from a process that was killed, by exactly one of many', async () => {
    for (let round = 0; round < 3; round += 1) {
      const victim = await prepare();
      expect(await ask(victim, 'try')).toEqual({ got: true });
      const rivals = await Promise.all(Array.from({ length: 6 }, prepare));
      await endProcess(victim);
      expect(existsSync(`${path}.lock`)).toBe(true);

      const results = await Promise.all(rivals.map((rival) => ask(rival, 'try')));
      expect(results.filter(({ got }) => got)).toHaveLength(1);
      expect(await locks()).toEqual(['ledger.json.lock']);
      const winner = rivals[results.findIndex(({ got }) => got)];
      expect(JSON.parse(await readFile(`${path}.lock`, 'utf8')).pid).toBe(winner?.pid);
      for (const rival of rivals) await endProcess(rival);
      await rm(`${path}.lock`);
    }
  });

  it('is left alone while another process is about to take it over', async () => {
    const victim = await prepare();
    await ask(victim, 'try');
    await endProcess(victim);
    const { token } = JSON.parse(await readFile(`${path}.lock`, 'utf8'));
    await writeFile(`${path}.lock.${token}`, '');
    expect(await refusal()).toContain(`process ${victim.pid} `);
    expect(await locks()).toHaveLength(2);
  });

  it('is left alone when it belongs to another host, or is not to be understood', async () => {
    const other = { pid: 2 ** 22 + 1, host: `not-${hostname()}`, since: '2026-01-01T00:00:00Z', token: 'ab' };
    await writeFile(`${path}.lock`, JSON.stringify(other));
    expect(await refusal()).toContain(`on not-${hostname()}, since 2026-01-01T00:00:00Z`);
    await writeFile(`${path}.lock`, '');
    expect(await refusal()).toContain('does not say which process');
    expect(await locks()).toEqual(['ledger.json.lock']);
  });

  it('is taken over from an earlier process that had the same number', async () => {
    const earlier = { pid: process.pid, host: hostname(), since: '2020-01-01T00:00:00Z', token: 'ab' };
    await writeFile(`${path}.lock`, JSON.stringify(earlier));
    const lock = await openFileLedger(path, 'ledger.json').lock();
    await lock.release();
  });

  it.skipIf(processStartTime(process.pid) === undefined)(
    'is taken over where a later process has its number, as after a restart of the machine',
    async () => {
      const holder = { pid: process.ppid, host: hostname(), since: '2026-01-01T00:00:00Z', token: 'ab' };
      await writeFile(`${path}.lock`, JSON.stringify({ ...holder, birth: processStartTime(process.ppid) }));
      expect(await refusal()).toContain(`process ${process.ppid}`);
      for (const birth of ['another-boot/1', processStartTime(process.pid)]) {
        await writeFile(`${path}.lock`, JSON.stringify({ ...holder, birth }));
        await (await openFileLedger(path, 'ledger.json').lock()).release();
      }
    },
  );

  it('stops recording when someone has removed it, and leaves the lock of the successor alone', async () => {
    const lock = await openFileLedger(path, 'ledger.json').lock();
    await rm(`${path}.lock`);
    const successor = await openFileLedger(path, 'ledger.json').lock();
    await expect(lock.save(emptyLedger('p'))).rejects.toThrow('lock on ledger.json was removed');
    await lock.release();
    await successor.save(emptyLedger('p'));
    await successor.release();
  });
});

describe('a process that is killed while it saves', () => {
  it('leaves a whole ledger behind', async () => {
    const child = await prepare();
    await ask(child, 'try');
    await ask(child, 'save');
    await endProcess(child);
    const ledger = await openFileLedger(path, 'ledger.json').read();
    const known = ledger?.intents['a/LLM/b']?.known ?? [];
    expect(known).toHaveLength(5000);
    expect(new Set(known.map((id) => id.split('-')[1])).size).toBe(1);
  });
});
