import { setImmediate } from 'node:timers/promises';
import type { Ledger } from '../model/ledger.js';
import type { Clock, LedgerLock, SaveWhen } from '../model/ports.js';
import { createSaveGate, type SavePace } from './save-pace.js';

export interface SavedPlace {
  format(ledger: Ledger): string;
  /** Counts a save that is about to be made: in the ledger, and in its text. */
  count(ledger: Ledger, text: string): Promise<string>;
  /** Makes a text durable. */
  write(text: string): Promise<void>;
  release: LedgerLock['release'];
}

/**
 * Writes one at a time, and at the pace of the place. All saves asked for in the meantime go into one next write, and
 * what is there already is not written again.
 */
export function serializeSaves(
  { format, count, write, release }: SavedPlace,
  pace: SavePace,
  clock: Clock,
): LedgerLock {
  const gate = createSaveGate(pace);
  let latest: Ledger;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let urgency: SaveWhen = 'soon';
  let waiting: AbortController | undefined;
  let written: string | undefined;
  let released = false;
  let saved: number | undefined;

  async function start(): Promise<void> {
    await running?.catch(() => undefined);
    // All saves that this turn of the event loop asks for go into one.
    await setImmediate();
    await waitForGate();
    next = undefined;
    urgency = 'soon';
    running = writeLatest();
    return running;
  }

  async function waitForGate(): Promise<void> {
    for (;;) {
      const ms = gate.waitFor(urgency, clock.now());
      if (ms <= 0) return;
      waiting = new AbortController();
      // A more urgent save ends the wait: how long it has to be is worked out anew.
      await clock.sleep(ms, waiting.signal).catch(() => undefined);
    }
  }

  async function writeLatest(): Promise<void> {
    gate.started(clock.now());
    try {
      // Formatted only now: an apply of 10,000 objects would otherwise format 10,000 ledgers.
      const text = format(latest);
      if (text === written) return;
      written = undefined;
      const ledger = latest;
      const counted = await count(ledger, text);
      await write(counted);
      written = counted;
      saved = ledger.serial;
    } finally {
      gate.ended(clock.now());
    }
  }

  function hasten(when: SaveWhen): void {
    if (RANK[when] <= RANK[urgency]) return;
    urgency = when;
    waiting?.abort();
  }

  return {
    async save(ledger, when = 'now') {
      if (released) throw new Error('the ledger was saved after its lock was released');
      latest = ledger;
      next ??= start();
      hasten(when);
      return next;
    },
    savedSerial: () => saved,
    async release(outcome) {
      released = true;
      hasten('now');
      await next?.catch(() => undefined);
      await running?.catch(() => undefined);
      return release(outcome);
    },
  };
}

const RANK: Readonly<Record<SaveWhen, number>> = { soon: 0, stalled: 1, now: 2 };
