import type { Address } from '../model/address.js';
import type { Blocked, NameHolder } from '../model/blocked.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { groupBy } from '../model/group-by.js';
import type { Observed } from '../model/observed.js';
import type { UniqueName } from '../model/unique-name.js';
import type { Live } from '../model/vendor.js';
import { onCycles } from './on-cycles.js';
import { protectReferences } from './references.js';
import type { Step, Unchanged } from './step.js';
import { givesUp, groupByUniqueName, takenName } from './unique-names.js';

/**
 * The steps in an order in which the vendor can take them: nothing is removed that is referred to, and a unique name is given
 * up before another object takes it. A step whose name stays with another object is blocked, and so are those that wait for
 * it.
 */
export function settleOrder(
  steps: readonly Step[],
  unchanged: readonly Unchanged[],
  observed: readonly Observed[],
): { steps: Step[]; diagnostics: Diagnostic[] } {
  const blocked = new Map<Address, Blocked>();
  // A step that is blocked keeps its references as well, and a delete that these block keeps its name.
  for (;;) {
    const kept = protectReferences(
      steps.map((step) => withBlocked(step, blocked)),
      observed,
    );
    const names = findNameConflicts(kept.steps, unchanged, observed);
    if (names.blocked.size === 0) {
      return { ...kept, steps: kept.steps.map((step) => withWaits(step, names.waits)) };
    }
    for (const [address, why] of names.blocked) blocked.set(address, why);
  }
}

function withBlocked(step: Step, reasons: ReadonlyMap<Address, Blocked>): Step {
  const blocked = reasons.get(step.change.address);
  return blocked === undefined ? step : { ...step, change: { ...step.change, blocked } };
}

function withWaits(step: Step, waits: readonly NameWait[]): Step {
  const own = waits.filter(({ taker }) => taker === step).map(({ giver }) => giver.change.address);
  return own.length === 0 ? step : { ...step, dependsOn: [...step.dependsOn, ...own] };
}

/** A step that takes a name after another one has given it up. */
interface NameWait {
  taker: Step;
  giver: Step & { live: Live };
  name: UniqueName;
}

interface NameConflicts {
  blocked: Map<Address, Blocked>;
  waits: NameWait[];
}

function findNameConflicts(
  steps: readonly Step[],
  unchanged: readonly Unchanged[],
  observed: readonly Observed[],
): NameConflicts {
  const blocked = new Map<Address, Blocked>();
  const waits: NameWait[] = [];
  const quiet = new Map(unchanged.map(({ live, manifest }) => [live, manifest.address]));
  const block = (step: Step, { name }: UniqueName, holder: NameHolder) => {
    if (!blocked.has(step.change.address))
      blocked.set(step.change.address, { reason: 'in-use', known: 'name', name, holder });
  };
  for (const scope of observed) {
    if (scope.kind.rules.uniqueName === undefined) continue;
    const here = steps.filter(({ target, kind }) => target === scope.target.name && kind === scope.kind);
    waits.push(...findWaits(here, scope, quiet, block));
  }
  blockCycles(steps, waits, block);
  blockWaiting(waits, blocked, block);
  return { blocked, waits };
}

/** The names of one kind that change hands; what takes a name that does not is blocked. */
function findWaits(
  steps: readonly Step[],
  { kind, live }: Observed,
  quiet: ReadonlyMap<Live, Address>,
  block: Block,
): NameWait[] {
  const takers = steps.flatMap((step) => {
    const name = takenName(step);
    return name === undefined ? [] : [{ step, name }];
  });
  if (takers.length === 0) return [];
  const holders = groupByUniqueName(kind, live);
  const byLive = new Map(steps.map((step) => [step.live, step]));
  const claimed = new Map<string, Address>();
  return takers.flatMap(({ step, name }) => {
    const first = claimed.get(name.key);
    if (first !== undefined) block(step, name, { address: first, why: 'claimed' });
    else claimed.set(name.key, step.change.address);
    return (holders.get(name.key) ?? []).flatMap((object) => {
      const giver = byLive.get(object);
      if (giver !== undefined && isBound(giver) && givesUp(giver, name))
        return [{ taker: step, giver, name }];
      block(step, name, holderOf(object, giver, quiet));
      return [];
    });
  });
}

function isBound(step: Step): step is Step & { live: Live } {
  return step.live !== undefined;
}

/** The object that keeps a name, and why. */
function holderOf(live: Live, step: Step | undefined, quiet: ReadonlyMap<Live, Address>): NameHolder {
  const { id } = live;
  const address = step?.change.address ?? quiet.get(live);
  if (address === undefined) return { id, why: 'unmanaged' };
  if (step?.action === 'orphan') return { address, id, why: 'orphan' };
  return { address, id, why: step?.change.blocked === undefined ? 'kept' : 'left-alone' };
}

type Block = (step: Step, name: UniqueName, holder: NameHolder) => void;

/** Steps that wait for each other would wait for ever. A name that is for passing only would be seen by others, so there is none. */
function blockCycles(steps: readonly Step[], waits: readonly NameWait[], block: Block): void {
  if (waits.length === 0) return;
  const needs = new Map(steps.map(({ change, dependsOn }) => [change.address, [...dependsOn]]));
  for (const { taker, giver } of waits) needs.get(taker.change.address)?.push(giver.change.address);
  const circular = onCycles(needs);
  for (const { taker, giver, name } of waits) {
    const { address } = giver.change;
    if (circular.has(taker.change.address) && circular.has(address))
      block(taker, name, { address, id: giver.live.id, why: 'swap' });
  }
}

/** A step that is blocked does not give its name up. */
function blockWaiting(
  waits: readonly NameWait[],
  blocked: ReadonlyMap<Address, Blocked>,
  block: Block,
): void {
  const waiting = groupBy(waits, ({ giver }) => giver.change.address);
  // A map goes through what is added to it meanwhile, too.
  for (const address of blocked.keys()) {
    for (const { taker, giver, name } of waiting.get(address) ?? [])
      block(taker, name, { address, id: giver.live.id, why: 'left-alone' });
  }
}
