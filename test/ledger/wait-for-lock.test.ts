import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitForLock } from '../../src/ledger/index.js';
import { DiagnosticError, error } from '../../src/model/diagnostic.js';
import type { LedgerStore } from '../../src/model/ports.js';
import { fakeClock } from '../support/fake-clock.js';
import { type Hub, ledgerIn, openHub } from '../support/git-repository.js';

const stop = new AbortController().signal;
const onWait = () => undefined;

describe('waiting for the lock of a ledger in git', () => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await openHub();
  });
  afterEach(() => hub.remove());

  it('ends when it is given back, says once whom it waits for, and asks more and more seldom', async () => {
    const first = await ledgerIn(hub, await hub.clone('one')).lock();
    const clock = fakeClock();
    const told: string[] = [];
    const { sleep } = clock;
    clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (clock.waits.length === 3) await first.release();
    };
    const wait = { timeoutMs: 60_000, onWait: (holder: string) => void told.push(holder), stop, clock };
    const lock = await waitForLock(ledgerIn(hub, await hub.clone('two')), wait).lock();
    expect(clock.waits).toEqual([250, 500, 1000]);
    expect(told).toEqual([expect.stringContaining(`process ${process.pid} on `)]);
    await lock.release();
  });
});

describe('waiting for any lock', () => {
  it('is not done for what waiting does not cure', async () => {
    const clock = fakeClock();
    const broken: LedgerStore = {
      read: async () => undefined,
      lock: () => Promise.reject(new DiagnosticError(error('ledger', 'the ledger is damaged'))),
    };
    const wait = { timeoutMs: 60_000, onWait, stop, clock };
    await expect(waitForLock(broken, wait).lock()).rejects.toThrow('damaged');
    expect(clock.waits).toEqual([]);
  });
});
