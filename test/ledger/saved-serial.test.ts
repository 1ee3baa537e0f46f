import { describe, expect, it } from 'vitest';
import { countSave, formatLedger } from '../../src/ledger/format.js';
import { withVersion } from '../../src/ledger/memory.js';
import { serializeSaves } from '../../src/ledger/serialize-saves.js';
import { fakeClock } from '../support/fake-clock.js';
import { ledgerOf } from '../support/ledger.js';

describe('the serial that is safe', () => {
  it('is that of the last save that came through', async () => {
    const ledger = ledgerOf({ serial: 4 });
    let full = false;
    const lock = serializeSaves(
      {
        format: formatLedger,
        count: async (latest, text) => countSave(latest, text),
        async write() {
          if (full) throw new Error('no space left on the device');
        },
        release: async () => [],
      },
      { everyMs: 0, timesLast: 0, burst: 1 },
      fakeClock(),
    );
    expect(lock.savedSerial?.()).toBeUndefined();
    await lock.save(ledger);
    expect(lock.savedSerial?.()).toBe(5);
    full = true;
    ledger.intents.a = { vendor: 'anam', known: [] };
    await expect(lock.save(ledger)).rejects.toThrow('no space');
    expect([ledger.serial, lock.savedSerial?.()]).toEqual([6, 5]);
  });
});

describe('the version of a ledger that is remembered', () => {
  const known = { one: { serial: 4, salt: 's', commit: 'a'.repeat(40) } };

  it.each([
    ['newer', { serial: 5 }, { serial: 5, salt: 's' }],
    ['older', { serial: 3, commit: 'b'.repeat(40) }, known.one],
    ['the same', { serial: 4, salt: 's' }, known.one],
  ])('is the newest where the one that was found is %s', (_, found, expected) => {
    expect(withVersion(known, 'one', found)).toEqual({ one: expected });
  });

  it('is kept for each lineage', () => {
    expect(withVersion(known, 'two', { serial: 1 })).toEqual({ ...known, two: { serial: 1 } });
  });
});
