import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileLedger } from '../../../src/ledger/index.js';
import { processNamespace } from '../../../src/platform/fs/process-namespace.js';
import { processStartTime } from '../../../src/platform/fs/process-start-time.js';
import { endProcess } from '../../support/end-process.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llmform-namespaces-'));
  path = join(folder, 'ledger.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const take = () => openFileLedger(path, 'ledger.json').lock();
const MINUTE = 60_000;

/** A lock as a process of another container of this host name leaves it, renewed so long ago. */
async function leaveLock(members: object, ageMs: number): Promise<void> {
  const holder = { pid: 2 ** 22 + 1, host: hostname(), since: '2026-01-01T00:00:00Z', token: 'ab' };
  await writeFile(`${path}.lock`, JSON.stringify({ ...holder, ...members }));
  const then = new Date(Date.now() - ageMs);
  await utimes(`${path}.lock`, then, then);
}

describe.skipIf(processNamespace() === undefined)('the lock of a process in another container', () => {
  const own = processStartTime(process.pid) ?? '';

  it.each([
    ['of this boot', { namespace: 'pid:[1]', birth: own }, 0, 2 * MINUTE],
    ['of another boot', { namespace: 'pid:[1]', birth: 'other-boot/1' }, 2 * MINUTE, 15 * MINUTE],
    ['that does not say when it began', { namespace: 'pid:[1]' }, 2 * MINUTE, 15 * MINUTE],
  ])('%s is not judged by a number, and lapses once it is silent', async (_which, members, fresh, old) => {
    await leaveLock(members, fresh);
    await expect(take()).rejects.toMatchObject({
      diagnostics: [
        { detail: expect.stringContaining(`on ${hostname()}, in another container, since 2026`) },
      ],
    });
    await leaveLock(members, old);
    await (await take()).release();
  });

  it('of this namespace is judged by its number, however old it is', async () => {
    await leaveLock(
      { pid: process.ppid, namespace: processNamespace(), birth: processStartTime(process.ppid) },
      60 * MINUTE,
    );
    await expect(take()).rejects.toThrow('another apply holds the ledger');
    await leaveLock({ namespace: processNamespace() }, 0);
    await (await take()).release();
  });

  it.skipIf(!canUnshare())('keeps it while it lives, also where its number is not known here', async () => {
    const script = join(folder, 'hold.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../../support/hold-lock.ts', import.meta.url))],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const args = ['-Urpf', '--mount-proc', '--kill-child', process.execPath, script, path];
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const { pid } = JSON.parse(await readFile(`${path}.lock`, 'utf8')) as { pid: number };
    expect(pid).toBe(1);
    await expect(take()).rejects.toThrow('another apply holds the ledger');
    const closed = once(holder, 'close');
    holder.stdin.end();
    await closed;
    await (await take()).release();
    await endProcess(holder);
  });
});

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-Urpf', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
