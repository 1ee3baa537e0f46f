import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endProcess } from '../../support/end-process.js';
import { type Hub, ledgerIn, numbered, openHub, PLACE } from '../../support/git-repository.js';

let scripts: string;
let hub: Hub;
const children: ChildProcess[] = [];

beforeAll(async () => {
  scripts = await mkdtemp(join(tmpdir(), 'llmform-git-script-'));
  await build({
    entryPoints: [fileURLToPath(new URL('../../support/git-process.ts', import.meta.url))],
    outfile: join(scripts, 'apply.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => rm(scripts, { recursive: true, force: true }));

beforeEach(async () => {
  hub = await openHub();
});
afterEach(async () => {
  for (const child of children.splice(0)) await endProcess(child);
  await hub.remove();
});

interface Message {
  got?: boolean;
  summary?: string;
  left?: unknown[];
  saved?: boolean;
}

async function prepare(clone: string): Promise<ChildProcess> {
  const child = fork(join(scripts, 'apply.mjs'), [clone, PLACE.path], { env: hub.env });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function ask(child: ChildProcess, order: string): Promise<Message> {
  const answer = once(child, 'message');
  child.send(order);
  const [message] = await answer;
  return message as Message;
}

describe('several applies at once', () => {
  it.each(['in clones of their own', 'in one clone'])('%s: one gets the lock', async (where) => {
    const shared = await hub.clone('shared');
    const clones = await Promise.all(
      [1, 2, 3, 4].map((n) => (where === 'in one clone' ? shared : hub.clone(`runner-${n}`))),
    );
    for (let round = 1; round <= 2; round += 1) {
      const rivals = await Promise.all(clones.map(prepare));
      const results = await Promise.all(rivals.map((rival) => ask(rival, 'try')));
      expect(results.filter(({ got }) => got)).toHaveLength(1);
      for (const { got, summary } of results) {
        if (!got) expect(summary).toContain('another apply holds the ledger refs/llmform/ledger');
      }
      const winner = rivals[results.findIndex(({ got }) => got)];
      if (winner === undefined) throw new Error('nobody won');
      expect(await ask(winner, 'save once')).toEqual({ saved: true });
      expect(await ask(winner, 'release')).toEqual({ left: [] });
      expect(await hub.history()).toEqual(Array.from({ length: round }, () => 'llmform apply: done'));
      for (const rival of rivals) await endProcess(rival);
    }
  });
});

describe('a process that is killed while it saves', () => {
  it('leaves a whole ledger, and a lock that the command of the message removes', async () => {
    const child = await prepare(await hub.clone('runner'));
    await ask(child, 'try');
    await ask(child, 'save');
    await endProcess(child);
    const clone = await hub.clone('laptop');
    const known = (await ledgerIn(hub, clone).read())?.intents['a/LLM/b']?.known ?? [];
    expect(known).toHaveLength(2000);
    expect(new Set(known.map((id) => id.split('-')[1])).size).toBe(1);

    const refused = await ledgerIn(hub, clone)
      .lock()
      .catch((error: { diagnostics: { detail: string }[] }) => error);
    const detail = 'diagnostics' in refused ? (refused.diagnostics[0]?.detail ?? '') : '';
    expect(detail).toContain(`process ${child.pid} on `);
    await hub.git(clone, ...(/`git (push [^`]+)`/.exec(detail)?.[1] ?? '').split(' '));

    const lock = await ledgerIn(hub, clone).lock();
    await lock.save(numbered(1));
    expect(await lock.release('llmform apply: again')).toEqual([]);
    expect(await hub.history()).toEqual(['llmform apply: again', 'llmform apply: in progress']);
    expect(await hub.git(hub.bare, 'fsck', '--connectivity-only')).not.toMatch(/missing|broken/);
  });
});
