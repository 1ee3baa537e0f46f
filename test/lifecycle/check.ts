import type { Change } from '../../src/model/plan.js';
import { everything, isOpen, keyOf, liveIds, namesakes } from './objects.js';
import { demand, heldIds, planOf, run, said } from './run.js';
import { accountOf, addressesOf, type Walk, type Wanted } from './walk.js';
import type { Ended } from './world.js';

/** What must hold after every step: a plan touches nothing, forgets nothing, and names every surprise. */
export async function check(walk: Walk): Promise<void> {
  const ended = await run(walk, ['plan', '--format', 'json']);
  const ambiguous = [...walk.wanted.values()].filter((wanted) => isAmbiguous(walk, wanted.thing));
  if (ambiguous.length > 0) {
    demand(walk, ended.code === 1, 'several objects could be meant, and the plan chose', ended);
    for (const wanted of ambiguous) {
      const others = namesakes(walk, wanted);
      const named = others.every(({ id }) => said(ended).includes(id));
      demand(walk, named, 'objects that could be meant are not named', ended);
      // The way out that needs no manifest: their owner removes all but one.
      for (const { account, kind, id } of others.slice(1)) account.drop(kind, id);
    }
    return await check(walk);
  }
  demand(walk, ended.code === 0, 'the plan failed', ended);
  demandNothingForgotten(walk, ended);
  if (!walk.loose) demandExpectedChanges(walk, ended);
}

/** Tells if several objects of others have the name of a manifest that has no object of its own. */
export function isAmbiguous(walk: Walk, thing: number): boolean {
  const wanted = walk.wanted.get(thing);
  if (wanted === undefined || wanted.id !== undefined || accountOf(walk, thing) === undefined) return false;
  return boundLive(walk, thing) === undefined && namesakes(walk, wanted).length > 1;
}

/** The id of the object that a thing has, as far as the model knows, if it is still there. */
export function boundLive(walk: Walk, thing: number): string | undefined {
  const account = accountOf(walk, thing);
  for (const [address, wanted] of addressesOf(walk)) {
    if (wanted?.thing !== thing || account === undefined) continue;
    const id = walk.bound.get(address)?.id;
    if (id !== undefined && everything(walk).has(keyOf(account, walk.cast.kind, id))) return id;
  }
  return undefined;
}

/** Each object of ours that is still there is in the ledger, or the plan names it. */
function demandNothingForgotten(walk: Walk, ended: Ended): void {
  const held = heldIds(walk);
  for (const thing of everything(walk).values()) {
    if (!walk.ours.has(thing.key) || !isOpen(walk, thing)) continue;
    const known = held.has(thing.id) || said(ended).includes(thing.id);
    demand(walk, known, `${thing.key} is ours and was forgotten: ${JSON.stringify(thing.object)}`, ended);
  }
}

function demandExpectedChanges(walk: Walk, ended: Ended): void {
  const changes = new Map(planOf(ended).changes.map((change) => [change.address, change]));
  const expected = expectedChanges(walk);
  for (const [address, { actions, surprise }] of expected) {
    const change = changes.get(address);
    const action = change?.action ?? 'none';
    demand(
      walk,
      actions.includes(action),
      `${address} should be ${actions.join(' or ')}, and is ${action}`,
      ended,
    );
    if (change !== undefined) {
      const fault = surprise?.(change);
      demand(walk, fault === undefined, `${address}: ${fault}`, ended);
    }
  }
  for (const [address, { action }] of changes) {
    demand(
      walk,
      expected.has(address),
      `${address} is planned as ${action}, and nothing happened to it`,
      ended,
    );
  }
}

interface Expected {
  actions: string[];
  /** What is wrong with a change that says too little about what others did. */
  surprise?: (change: Change) => string | undefined;
}

function expectedChanges(walk: Walk): Map<string, Expected> {
  const expected = new Map<string, Expected>();
  const live = liveIds(walk);
  const addresses = addressesOf(walk);
  for (const [address, wanted] of addresses) expected.set(address, expectedOf(walk, address, wanted, live));
  for (const [address, { id }] of walk.bound) {
    if (!addresses.has(address)) expected.set(address, { actions: [live.has(id) ? 'orphan' : 'none'] });
  }
  return expected;
}

function expectedOf(
  walk: Walk,
  address: string,
  wanted: Wanted | undefined,
  live: ReadonlySet<string>,
): Expected {
  const bound = walk.bound.get(address);
  const others = wanted === undefined ? [] : namesakes(walk, wanted);
  if (bound === undefined || !live.has(bound.id)) {
    if (others.length > 0) return { actions: ['adopt'] };
    const surprise = ({ previousId }: Change) =>
      previousId === bound?.id ? undefined : `${bound?.id} is gone, and it says ${previousId}`;
    return { actions: ['create'], surprise };
  }
  const drifts = walk.edited.has(bound.id);
  const rotated = bound.secret !== walk.secret;
  const holdsSecret = address.includes(`/${walk.cast.secret.kind}/`);
  const edited = wanted !== undefined && bound.version !== wanted.version;
  const changed = edited || drifts || (rotated && holdsSecret);
  if (changed) {
    const surprise = ({ fields }: Change) =>
      !drifts || fields.some(({ cause }) => cause === 'drift' || cause === 'both')
        ? undefined
        : 'an edit in the console is not shown as drift';
    return { actions: ['update', 'replace'], surprise };
  }
  // A new version of a secret gets another id, which those that refer to it are sent.
  return { actions: rotated ? ['none', 'update'] : ['none'] };
}
