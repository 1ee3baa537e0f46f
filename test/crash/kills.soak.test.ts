import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { seedOfRun } from '../support/chance.js';
import { killMany } from './campaign.js';
import { bundleProgram, type Program } from './program.js';
import { allScenarios } from './scenarios.js';

// The runs that are killed are processes of their own, with the real one: both sides must agree on a digest.
vi.unmock('node:crypto');

const KILLS = 250;

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program.remove());

it('survives hundreds of kills at random moments, in every scenario of every vendor', async () => {
  const seed = seedOfRun();
  const scenarios = allScenarios();
  const { kills, inFlight, twice, ...found } = await killMany(program, scenarios, {
    seed,
    kills: KILLS,
    atOnce: 3,
  });
  const survived = found.faults.length === 0 ? '0 objects lost, 0 doubled' : `${found.faults.length} FAULTS`;
  process.stdout.write(
    `crash safety: ${kills} kills, ${inFlight} of them between request and answer, ${twice} runs killed again, ` +
      `${found.scenarios.size} scenarios, ${survived} (seed ${seed})\n`,
  );
  expect(found.faults, `LLMFORM_CRASH_SEED=${seed} shows it again`).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  expect(found.scenarios.size).toBe(scenarios.length);
});
