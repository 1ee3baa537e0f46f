import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryChange, HistoryRun } from '../../../src/model/history.js';
import { type Hub, ledgerIn, numbered, openHub, PLACE } from '../../support/git-repository.js';

let hub: Hub;
let clone: string;

beforeEach(async () => {
  hub = await openHub();
  clone = await hub.clone('clone');
});
afterEach(() => hub.remove());

const run = (n: number): HistoryRun => ({
  runId: `${n}`.repeat(8),
  command: 'apply',
  by: { actor: 'ada\nSigned-off-by: eve', run: 'https://ci.example/77', pullRequest: 7 },
  commit: `${'c'.repeat(40)}-dirty`,
});
const change = (n: number, more: Partial<HistoryChange> = {}): HistoryChange => ({
  at: new Date(Date.UTC(2026, 0, 31, 0, 0, n)).toISOString(),
  address: `t/LLM/o${n}`,
  action: 'update',
  status: 'applied',
  fields: [{ path: '/modelName', before: 'gpt-4o', after: 'gpt-5' }],
  ...more,
});

async function apply(n: number, place = {}): Promise<void> {
  const lock = await ledgerIn(hub, clone, place).lock();
  lock.record?.(run(n), [change(n)]);
  await lock.save(numbered(n));
  expect(await lock.release(`llmform apply: ${n}\n\nRequests: none\n`)).toEqual([]);
}

const historyIn = async (folder = clone, place = {}) => ledgerIn(hub, folder, place).history?.();
const filesAt = async () => (await hub.git(hub.bare, 'ls-tree', '-r', '--name-only', PLACE.ref)).split('\n');

describe('the history of a ledger on a ref', () => {
  it('is a file for each apply, which every clone reads, newest first', async () => {
    expect(await historyIn()).toEqual({ entries: [], damaged: [] });
    await apply(1);
    await apply(2);
    expect(await filesAt()).toEqual([
      'history/2026-01/31T000001000Z-11111111.json',
      'history/2026-01/31T000002000Z-22222222.json',
      'ledger.json',
    ]);
    const other = await hub.clone('other', '--depth=1');
    expect(await historyIn(other)).toEqual({
      entries: [2, 1].map((n) => ({ ...run(n), ...change(n) })),
      damaged: [],
    });
  });

  it('says in trailers of the commit who it was, from which commit of the manifests, on one line each', async () => {
    await apply(1);
    const trailers = await hub.git(hub.bare, 'log', '-1', '--format=%(trailers)', PLACE.ref);
    expect(trailers.trim().split('\n')).toEqual([
      'Run-Id: 11111111',
      'Command: apply',
      'Actor: ada Signed-off-by: eve',
      'Run: https://ci.example/77',
      'Pull-Request: 7',
      `Manifests: ${'c'.repeat(40)}-dirty`,
    ]);
  });

  it('is there with each save, also of a run that is killed before its end', async () => {
    const lock = await ledgerIn(hub, clone).lock();
    lock.record?.(run(1), []);
    lock.record?.(run(1), [change(1)]);
    await lock.save(numbered(1));
    expect((await historyIn(await hub.clone('other')))?.entries).toEqual([{ ...run(1), ...change(1) }]);
    expect(await hub.git(hub.bare, 'log', '-1', '--format=%(trailers:key=Actor)', PLACE.ref)).toContain(
      'ada',
    );
    lock.record?.(run(1), [change(1, { status: 'failed', error: 'vanished' })]);
    await lock.release('llmform apply: 1 failed');
    expect((await historyIn())?.entries).toMatchObject([{ status: 'failed', error: 'vanished' }]);
  });

  it('is kept apart from that of other ledgers on the same ref', async () => {
    await apply(1);
    await apply(2, { path: 'staging.json' });
    await apply(3, { path: 'teams/b/ledger.json' });
    const read = async (place = {}) => (await historyIn(clone, place))?.entries.map((e) => e.address);
    expect(await read()).toEqual(['t/LLM/o1']);
    expect(await read({ path: 'staging.json' })).toEqual(['t/LLM/o2']);
    expect(await read({ path: 'teams/b/ledger.json' })).toEqual(['t/LLM/o3']);
  });

  it('holds a thousand runs, and names a file that is damaged', async () => {
    await apply(1);
    const files = Array.from({ length: 1005 }, (_, i) => {
      const name = `history/${2020 + Math.floor(i / 600)}-05/${`${i}`.padStart(4, '0')}.json`;
      return `M 100644 inline ${name}\ndata 2\n{}\n`;
    });
    const data = 'commit refs/llmform/ledger\ncommitter T <t@test> 1700000000 +0000\ndata 1\nx\n';
    await execa('git', ['fast-import', '--quiet'], {
      ...{ cwd: hub.bare, env: hub.env, extendEnv: false },
      input: `${data}from refs/llmform/ledger^0\n${files.join('')}`,
    });
    await apply(2);
    const kept = (await filesAt()).filter((name) => name.startsWith('history/'));
    expect(kept).toHaveLength(1000);
    expect(kept[0]).toBe('history/2020-05/0007.json');
    const history = await historyIn();
    expect(history?.entries.map((entry) => entry.address)).toEqual(['t/LLM/o2', 't/LLM/o1']);
    expect(history?.damaged[0]).toBe('refs/llmform/ledger:history/2020-05/0007.json');
  });
});
