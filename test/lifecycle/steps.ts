import fc from 'fast-check';
import { type Command, commandOf, type Step } from './step.js';
import { applyOldCommit, commitFiles } from './steps/commits.js';
import { deleteInConsole, editInConsole, makeInConsole, tidyConsole } from './steps/console.js';
import { migrateLedger, revertWithLedger } from './steps/custody.js';
import { add, edit, remove, rename, renameById, revert, rotateSecret } from './steps/files.js';
import { loseLedger } from './steps/ledger.js';
import {
  applyAdopting,
  applyAll,
  applyGuarded,
  applyPlainly,
  applyTwice,
  cutApply,
  interruptApply,
  killApply,
} from './steps/runs.js';
import { bind, forgetObject, forgetTarget, moveObject, moveProject, moveTarget } from './steps/statements.js';
import {
  copyProject,
  rebind,
  removeTarget,
  renameProject,
  renameTarget,
  swapAccountAndBack,
} from './steps/targets.js';
import { SIDE_THING, THINGS } from './walk.js';

const main = fc.constantFrom(...THINGS);
const any = fc.constantFrom(...THINGS, SIDE_THING);
const moment = fc.nat({ max: 9 });
const always = (step: Step) => fc.constant(step);

/** Everything that people do, with how often. A new entry is one more line. */
const STEPS: readonly { weight: number; arbitrary: fc.Arbitrary<Step> }[] = [
  { weight: 6, arbitrary: main.map(add) },
  { weight: 4, arbitrary: fc.tuple(any, fc.nat({ max: 2 })).map(([thing, version]) => edit(thing, version)) },
  { weight: 3, arbitrary: main.map(remove) },
  { weight: 2, arbitrary: any.map(rename) },
  { weight: 2, arbitrary: any.map(renameById) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map(revert) },
  { weight: 2, arbitrary: always(rotateSecret) },
  { weight: 4, arbitrary: any.map(editInConsole) },
  { weight: 4, arbitrary: any.map(deleteInConsole) },
  { weight: 3, arbitrary: any.map(makeInConsole) },
  { weight: 1, arbitrary: any.map(tidyConsole) },
  { weight: 8, arbitrary: always(applyPlainly) },
  { weight: 3, arbitrary: always(applyGuarded) },
  { weight: 4, arbitrary: always(applyAdopting) },
  { weight: 3, arbitrary: always(applyAll) },
  { weight: 1, arbitrary: fc.boolean().map(applyTwice) },
  { weight: 5, arbitrary: moment.map(killApply) },
  { weight: 2, arbitrary: moment.map(interruptApply) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(moment, fc.constantFrom('before' as const, 'after' as const))
      .map(([write, when]) => cutApply(write, when)),
  },
  { weight: 1, arbitrary: always(swapAccountAndBack) },
  { weight: 2, arbitrary: always(rebind) },
  { weight: 1, arbitrary: always(renameTarget) },
  { weight: 1, arbitrary: always(removeTarget) },
  { weight: 1, arbitrary: always(renameProject) },
  { weight: 2, arbitrary: always(copyProject) },
  { weight: 2, arbitrary: always(loseLedger) },
  { weight: 4, arbitrary: any.map(moveObject) },
  { weight: 2, arbitrary: always(moveTarget) },
  { weight: 2, arbitrary: always(moveProject) },
  { weight: 2, arbitrary: any.map(bind) },
  { weight: 2, arbitrary: main.map(forgetObject) },
  { weight: 1, arbitrary: always(forgetTarget) },
  { weight: 2, arbitrary: always(commitFiles) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map(applyOldCommit) },
  { weight: 3, arbitrary: fc.constant(migrateLedger) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map(revertWithLedger) },
];

/** Sequences of such steps. */
export function sequences(length: number): fc.Arbitrary<Iterable<Command>> {
  const command = fc.oneof(...STEPS).map(commandOf);
  return fc.commands([command], { maxCommands: length, size: 'max' });
}
