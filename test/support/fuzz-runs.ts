import fc, { type IAsyncProperty, type IProperty } from 'fast-check';
import { afterAll, vi } from 'vitest';

/** How often each property runs: `LLMFORM_FUZZ_RUNS` for a soak run, otherwise few enough for every `npm test`. */
export function runsOf(usual: number): number {
  const asked = Number(process.env.LLMFORM_FUZZ_RUNS);
  return Number.isInteger(asked) && asked > 0 ? asked : usual;
}

// A soak run may take its time; the usual limit is for the usual number of runs.
if (process.env.LLMFORM_FUZZ_RUNS !== undefined) vi.setConfig({ testTimeout: 20 * 60_000 });

const tally = { properties: 0, inputs: 0 };

/** Checks a property on many inputs, and counts both for the line at the end. */
export function check<T>(property: IProperty<T>, usual = 60): void {
  const numRuns = runsOf(usual);
  fc.assert(property, { numRuns });
  count(numRuns);
}

/** The same for a property that has to wait. */
export async function checkAsync<T>(property: IAsyncProperty<T>, usual = 20): Promise<void> {
  const numRuns = runsOf(usual);
  await fc.assert(property, { numRuns });
  count(numRuns);
}

/** Notes inputs that were not made by chance. */
export function count(inputs: number, properties = 1): void {
  tally.properties += properties;
  tally.inputs += inputs;
}

/** Prints what this file has tried, for people and for the README. */
export function printTally(what: string): void {
  afterAll(() => {
    console.log(`hostile input, ${what}: ${tally.properties} properties, ${tally.inputs} inputs fuzzed`);
  });
}
