import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CASTS } from '../support/cast.js';
import { apply } from './apply.js';
import { check } from './check.js';
import { SAMPLE } from './counts.js';
import { demand } from './run.js';
import { sequences } from './steps.js';
import { openWalk, type Walk } from './walk.js';
import type { LedgerType } from './world.js';

type Vendor = keyof typeof CASTS;

const VENDORS: readonly Vendor[] = ['anam', 'flashback', 'goodmem', 'liveavatar'];

/** How many steps a sequence has, at most. */
const LENGTH = 24;

/** Shrinking a failure walks many shorter sequences. */
const TIMEOUT_MS = 1_200_000;

/** Tests that walk so many sequences through a project of each vendor. A failure has its seed and its shortest story. */
export function walkAll(ledger: LedgerType, runs: number = SAMPLE[ledger]): void {
  const tally = { sequences: 0, steps: 0 };

  describe(`random sequences of what people do, with a ${ledger} ledger`, () => {
    it.each(VENDORS)(
      '%s: nothing of others is touched, nothing of ours doubled or forgotten, every surprise named',
      async (vendor) => {
        await fc.assert(
          fc.asyncProperty(sequences(LENGTH), async (commands) => {
            const walk = await openWalk(vendor, ledger);
            try {
              await fc.asyncModelRun(() => ({ model: {}, real: walk }), commands);
              await bringInOrder(walk);
            } finally {
              await walk.world.close();
            }
            tally.sequences += 1;
            tally.steps += walk.story.length;
          }),
          { numRuns: runs, seed: seedOf(vendor, ledger) },
        );
        expect(tally.sequences).toBeGreaterThanOrEqual(runs);
      },
      TIMEOUT_MS,
    );
  });

  afterAll(() => {
    console.log(`lifecycle, ${ledger} ledger: ${tally.sequences} sequences, ${tally.steps} steps`);
  });
}

/** Each vendor has sequences of its own. */
function seedOf(vendor: Vendor, ledger: LedgerType): number {
  const { seed = 0 } = fc.readConfigureGlobal();
  return seed + 1_000 * VENDORS.indexOf(vendor) + (ledger === 'git' ? 1 : 0);
}

/** However it went, an apply that takes over and prunes brings everything in order. */
async function bringInOrder(walk: Walk): Promise<void> {
  walk.story.push('in the end, apply --adopt --prune');
  await apply(walk, '--adopt', '--prune', '--max-delete', '99');
  await check(walk);
  demand(walk, walk.world.leaks().length === 0, `a secret is in ${walk.world.leaks().join(', ')}`);
}
