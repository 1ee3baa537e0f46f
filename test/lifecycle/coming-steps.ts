import fc from 'fast-check';
import type { Step } from './step.js';
import { applyOldCommit, commitFiles } from './steps/commits.js';
import { migrateLedger, revertWithLedger } from './steps/custody.js';
import { bind, forgetObject, forgetTarget, moveObject, moveProject, moveTarget } from './steps/statements.js';
import { SIDE_THING, THINGS } from './walk.js';

export const STATEMENTS_AND_CUSTODY_ARE_BUILT = false;

const main = fc.constantFrom(...THINGS);
const any = fc.constantFrom(...THINGS, SIDE_THING);
const always = (step: Step) => fc.constant(step);

/** Steps of commands and documents that are switched on together. */
export const COMING_STEPS: readonly { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 4, arbitrary: any.map(moveObject) },
  { weight: 2, arbitrary: always(moveTarget) },
  { weight: 2, arbitrary: always(moveProject) },
  { weight: 2, arbitrary: any.map(bind) },
  { weight: 2, arbitrary: main.map(forgetObject) },
  { weight: 1, arbitrary: always(forgetTarget) },
  { weight: 3, arbitrary: always(migrateLedger) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map(revertWithLedger) },
  { weight: 2, arbitrary: always(commitFiles) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map(applyOldCommit) },
];
