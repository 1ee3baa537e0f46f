import { everything, isOpen, nameOf } from '../objects.js';
import type { Step } from '../step.js';
import type { Walk } from '../walk.js';

/** Without a ledger and without a mark nothing says whose an object is; then only `--adopt` takes it back. */
export const loseLedger: Step = {
  name: 'lose the ledger',
  isPossible: (walk) =>
    walk.world.ledger() !== undefined && !walk.loose && (walk.marked || areNamesUnique(walk)),
  take(walk) {
    walk.world.loseLedger();
    if (!walk.marked) walk.ours.clear();
    walk.bound.clear();
    walk.edited.clear();
    walk.loose = true;
  },
};

function areNamesUnique(walk: Walk): boolean {
  const open = [...everything(walk).values()].filter((thing) => isOpen(walk, thing));
  const names = open.map(({ account, kind, object }) => `${account.url} ${kind} ${nameOf(object)}`);
  return new Set(names).size === names.length;
}
