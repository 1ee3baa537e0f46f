import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chanceFrom, seedOfRun } from '../support/chance.js';
import { killMany } from './campaign.js';
import { bundleProgram, type Program } from './program.js';
import { allScenarios } from './scenarios.js';

// The runs that are killed are processes of their own, with the real one: both sides must agree on a digest.
vi.unmock('node:crypto');

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program.remove());

describe('an apply that is killed at a random moment', () => {
  it('loses nothing and doubles nothing: the next apply brings everything in order', async () => {
    // The same moments every time; the soak lane looks for new ones.
    const seed = seedOfRun(20261121);
    const totals = await killMany(program, sample(seed), { seed, kills: 16, atOnce: 2 });
    expect(totals.faults, `LLMFORM_CRASH_SEED=${seed} shows it again`).toEqual([]);
    expect(totals.kills).toBeGreaterThanOrEqual(16);
  }, 60_000);
});

/** A few scenarios of each vendor, other ones for each seed. */
function sample(seed: number) {
  const chance = chanceFrom(seed);
  const vendors = new Map<string, ReturnType<typeof allScenarios>>();
  for (const scenario of allScenarios()) {
    const key = scenario.casts.map(({ vendor }) => vendor).join(' ');
    vendors.set(key, [...(vendors.get(key) ?? []), scenario]);
  }
  return Array.from({ length: 4 }, () => [...vendors.values()].map((group) => chance.pick(group))).flat();
}
