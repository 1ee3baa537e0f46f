import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistoryLog, readHistoryLog } from '../../../src/ledger/file/history-log.js';
import { openFileLedger } from '../../../src/ledger/index.js';
import type { HistoryChange, HistoryRun } from '../../../src/model/history.js';
import { ledgerOf } from '../../support/ledger.js';

let folder: string;
let ledger: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmform-history-'));
  ledger = join(folder, 'ledger.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (n: number): HistoryRun => ({ runId: `run-${n}`, command: 'apply', by: { actor: 'ada' } });
const change = (n: number, more: Partial<HistoryChange> = {}): HistoryChange => ({
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString(),
  address: `t/LLM/o${n}`,
  action: 'update',
  status: 'applied',
  fields: [],
  ...more,
});

async function log(...numbers: number[]): Promise<void> {
  for (const n of numbers) {
    const history = openHistoryLog(ledger, 'ledger.json');
    history.record(run(n), [change(n)]);
    expect(await history.end()).toEqual([]);
  }
}

const addresses = async () => (await readHistoryLog(ledger, 'ledger.json')).entries.map((e) => e.address);

describe('the log beside a file ledger', () => {
  it('is empty at first, is for its owner only, and comes back newest first', async () => {
    expect(await addresses()).toEqual([]);
    await log(1, 3, 2);
    expect(await addresses()).toEqual(['t/LLM/o3', 't/LLM/o2', 't/LLM/o1']);
    expect(statSync(join(folder, 'history.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('is written before the ledger is, and not at all by a run that records nothing', async () => {
    const store = openFileLedger(ledger, 'ledger.json');
    const lock = await store.lock();
    lock.record?.(run(1), []);
    await lock.save(ledgerOf());
    expect(() => statSync(join(folder, 'history.jsonl'))).toThrow();
    lock.record?.(run(1), [change(1)]);
    await lock.save(ledgerOf());
    expect((await store.history?.())?.entries).toEqual([{ ...run(1), ...change(1) }]);
    lock.record?.(run(1), [change(2)]);
    expect(await lock.release()).toEqual([]);
    expect(await addresses()).toEqual(['t/LLM/o2', 't/LLM/o1']);
  });

  it('takes what a run says later of an object in place of what it said before', async () => {
    await log(1);
    const history = openHistoryLog(ledger, 'ledger.json');
    history.record(run(1), [change(1, { status: 'failed', error: 'vanished' })]);
    await history.end();
    const { entries } = await readHistoryLog(ledger, 'ledger.json');
    expect(entries).toMatchObject([{ status: 'failed', error: 'vanished' }]);
  });

  it.each([10, 80, 200])('passes over a line that was cut off %i characters before its end', async (cut) => {
    await log(1, 2);
    const path = join(folder, 'history.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -cut));
    expect(await readHistoryLog(ledger, 'ledger.json')).toMatchObject({ damaged: [] });
    await log(3);
    expect((await addresses()).slice(0, 1)).toEqual(['t/LLM/o3']);
    expect((await readHistoryLog(ledger, 'ledger.json')).damaged).toEqual([]);
  });

  it('names a line that is none of its own', async () => {
    await log(1);
    const path = join(folder, 'history.jsonl');
    writeFileSync(path, `<<<<<<< HEAD\n{"at":1}\n${readFileSync(path, 'utf8')}`);
    expect(await readHistoryLog(ledger, 'state/ledger.json')).toMatchObject({
      entries: [{ address: 't/LLM/o1' }],
      damaged: ['state/history.jsonl:1', 'state/history.jsonl:2'],
    });
  });

  it('is put aside when it is large, and is read together with that one', async () => {
    await log(1);
    const path = join(folder, 'history.jsonl');
    writeFileSync(path, `${readFileSync(path, 'utf8')}${' '.repeat(9 * 1024 * 1024)}\n`);
    await log(2);
    expect(statSync(path).size).toBeLessThan(1000);
    expect((await addresses()).sort()).toEqual(['t/LLM/o1', 't/LLM/o2']);
  });

  it('follows no link, and a run that cannot write it still saves and says so', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'mine\n');
    symlinkSync(elsewhere, join(folder, 'history.jsonl'));
    const lock = await openFileLedger(ledger, 'ledger.json').lock();
    lock.record?.(run(1), [change(1)]);
    await lock.save(ledgerOf());
    expect(await lock.release()).toMatchObject([
      {
        severity: 'warning',
        code: 'ledger',
        summary: expect.stringContaining('history.jsonl cannot be written'),
      },
    ]);
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine\n');
    expect(JSON.parse(readFileSync(ledger, 'utf8'))).toMatchObject({ serial: 1 });
  });

  it('has the name of its ledger', async () => {
    for (const [name, own] of [
      ['ledger.staging.json', 'history.staging.jsonl'],
      ['shop.json', 'shop.history.jsonl'],
      ['emulate', 'emulate.history.jsonl'],
    ] as const) {
      const history = openHistoryLog(join(folder, name), name);
      history.record(run(1), [change(1)]);
      await history.end();
      expect(statSync(join(folder, own)).isFile()).toBe(true);
    }
  });
});
