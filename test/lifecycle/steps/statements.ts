import type { JsonObject } from '../../../src/model/json.js';
import { apply, canFail } from '../apply.js';
import { boundLive } from '../check.js';
import { everything, keyOf, namesakes } from '../objects.js';
import { demand } from '../run.js';
import type { Step } from '../step.js';
import { accountOf, addressOf, type Walk, writeFiles } from '../walk.js';
import { alter, change, otherName } from './files.js';
import { holds, otherTargetName } from './targets.js';

const APPLY = ['--max-delete', '99'];

/** Tells if it is clear what an apply does: then a statement has one right end. */
function isCalm(walk: Walk): boolean {
  return !walk.loose && !canFail(walk, []);
}

export function moveObject(thing: number): Step {
  return {
    name: `move thing ${thing} with a statement`,
    isPossible: (walk) => isCalm(walk) && boundLive(walk, thing) !== undefined,
    async take(walk) {
      const wanted = walk.wanted.get(thing);
      if (wanted === undefined) return;
      const from = addressOf(walk, wanted);
      const to = addressOf(walk, { thing, name: otherName(walk, thing) });
      // An orphan that was left under the new address would be a second object for it.
      if (walk.bound.has(to)) return;
      change(walk, () => alter(walk, thing, { name: otherName(walk, thing) }));
      moveBound(walk, (address) => (address === from ? to : address));
      await state(walk, { moved: [{ from, to }] });
    },
  };
}

export const moveTarget: Step = {
  name: 'rename a target with a statement',
  isPossible: (walk) => isCalm(walk) && holds(walk, 'main'),
  async take(walk) {
    const { main } = walk.project.targets;
    if (main === undefined) return;
    const name = otherTargetName(main.name);
    walk.project.targets.main = { ...main, name };
    moveBound(walk, (address) => address.replace(new RegExp(`^${main.name}/`), `${name}/`));
    await state(walk, { moved: [{ from: main.name, to: name }] });
  },
};

export const moveProject: Step = {
  name: 'rename the project with a statement',
  isPossible: (walk) => isCalm(walk) && walk.world.ledger() !== undefined,
  async take(walk) {
    const { name } = walk.project;
    walk.project.name = name === 'walk' ? 'avatars' : 'walk';
    await state(walk, { moved: [{ from: `project ${name}`, to: `project ${walk.project.name}` }] });
  },
};

/** An object that was made by hand becomes this thing's, without --adopt. One that the thing had is an orphan then. */
export function bind(thing: number): Step {
  return {
    name: `bind thing ${thing} to its namesake`,
    isPossible: (walk) => !walk.loose && walk.wanted.get(thing)?.version === 0,
    async take(walk) {
      const wanted = walk.wanted.get(thing);
      const [other] = wanted === undefined ? [] : namesakes(walk, wanted);
      if (wanted === undefined || other === undefined) return;
      walk.takes.add(other.key);
      await state(walk, { bind: { [addressOf(walk, wanted)]: other.id } });
      demand(walk, walk.ours.has(other.key) || walk.loose, `${other.key} was bound and is not held`);
    },
  };
}

/** The object stays, and belongs to others from then on. */
export function forgetObject(thing: number): Step {
  return {
    name: `forget thing ${thing}`,
    isPossible: (walk) => isCalm(walk) && boundLive(walk, thing) !== undefined,
    async take(walk) {
      const wanted = walk.wanted.get(thing);
      const account = accountOf(walk, thing);
      const id = boundLive(walk, thing);
      if (wanted === undefined || account === undefined || id === undefined) return;
      const address = addressOf(walk, wanted);
      letGo(walk, keyOf(account, walk.cast.kind, id));
      walk.bound.delete(address);
      change(walk, () => walk.wanted.delete(thing));
      await state(walk, { forget: [address] });
    },
  };
}

/** A whole target is let go of; another one with another account gets its name. */
export const forgetTarget: Step = {
  name: 'forget a target',
  isPossible: (walk) => isCalm(walk) && holds(walk, 'side') && walk.wanted.size > 1,
  async take(walk) {
    const { side } = walk.project.targets;
    if (side === undefined) return;
    for (const { key, account } of everything(walk).values())
      if (account === side.account) walk.ours.delete(key);
    for (const address of walk.bound.keys())
      if (address.startsWith(`${side.name}/`)) walk.bound.delete(address);
    walk.project.targets.side = undefined;
    await state(walk, { forget: [side.name] });
    const account = await walk.world.openAccount(walk.world.env.KEY_SIDE ?? '');
    walk.accounts.push(account);
    walk.project.targets.side = { ...side, account };
    writeFiles(walk);
  },
};

/** Applies with one statement among the manifests, and takes it out again. */
async function state(walk: Walk, statement: JsonObject): Promise<void> {
  walk.statements = [{ apiVersion: 'llmform/v1', kind: 'Ledger', project: walk.project.name, ...statement }];
  writeFiles(walk);
  await apply(walk, ...APPLY);
  walk.statements = [];
  walk.takes.clear();
  writeFiles(walk);
}

function letGo(walk: Walk, key: string): void {
  walk.ours.delete(key);
  walk.takes.add(key);
}

function moveBound(walk: Walk, to: (address: string) => string): void {
  walk.bound = new Map([...walk.bound].map(([address, bound]) => [to(address), bound]));
}
