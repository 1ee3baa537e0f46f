import fc from 'fast-check';
import type { Step } from './step.js';
import { migrateLedger, revertWithLedger } from './steps/custody.js';

export const CUSTODY_IS_BUILT = false;

/** Steps of commands that are switched on together. */
export const COMING_STEPS: readonly { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 3, arbitrary: fc.constant(migrateLedger) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map(revertWithLedger) },
];
