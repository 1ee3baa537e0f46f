import { type Address, isWithin, parseAddress } from '../model/address.js';
import type { Ledger } from '../model/ledger.js';
import type { ResolvedStatements } from '../model/statements.js';
import { resolveStatements } from '../plan/statements/resolve-statements.js';
import type { PreparedPlan } from '../prepare/prepare.js';
import type { Workspace } from './load-workspace.js';

/** The part of a run that statements depend on. */
interface StatedRun {
  selected: readonly string[];
  prepared: PreparedPlan;
  /** Absent where there are no statements. */
  statements: ResolvedStatements | undefined;
  /** Changes that are left alone this time. */
  held: ReadonlyMap<Address, unknown>;
}

/**
 * Moves the entries of the ledger, in place, now that the plan is approved. An entry that was not planned, or is left alone this
 * time, stays where it is, and so does each that a step forgets. Returns whether anything has changed.
 */
export function carryOutStatements(
  ledger: Ledger,
  { project, manifests, statements }: Pick<Workspace, 'project' | 'manifests' | 'statements'>,
  { selected, prepared: { observation }, statements: planned, held }: StatedRun,
): boolean {
  if (planned === undefined) return false;
  const before = outline(ledger);
  const isObserved = (address: Address) =>
    observation.observed.some(({ target, kind }) => isWithin(address, target.name, kind.name));
  const isKnown = (address: Address) => {
    const { target } = parseAddress(address);
    return project.targets.some(({ name }) => name === target);
  };
  const unseen = [...planned.movedFrom.keys()].filter((address) => isKnown(address) && !isObserved(address));
  const left = new Set([...held.keys(), ...unseen, ...planned.forgotten.map(({ address }) => address)]);
  const { ledger: stated } = resolveStatements(ledger, statements, {
    ...{ project, manifests, selected },
    held: left,
  });
  const { project: name, objects, intents, targets, ids, moved } = stated;
  Object.assign(ledger, { project: name, objects, intents, targets });
  if (ids !== undefined) ledger.ids = ids;
  if (moved === undefined) delete ledger.moved;
  else ledger.moved = moved;
  return outline(ledger) !== before;
}

/** All of a ledger that a statement can change. */
function outline({ project, objects, intents, targets, ids, moved }: Ledger): string {
  return JSON.stringify([project, Object.keys(objects), Object.keys(intents), targets, ids, moved]);
}
