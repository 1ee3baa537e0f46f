import { afterAll, expect, it } from 'vitest';
import { seedOfRun } from '../support/chance.js';
import { runWithLag } from './campaign.js';

const RUNS = Number(process.env.LLMFORM_LAG_RUNS ?? 500);
const seed = seedOfRun();
let doubled = 0;

afterAll(() =>
  console.log(`${RUNS} seeded runs from ${seed} on against vendors that lag: ${doubled} doubled`),
);

it.each(Array.from({ length: RUNS }, (_, i) => seed + i))('doubles nothing, seed %i', async (one) => {
  const run = await runWithLag(one);
  doubled += run.doubled;
  expect({ doubled: run.doubled, faults: run.faults }, run.story.join('\n')).toEqual({
    doubled: 0,
    faults: [],
  });
});
