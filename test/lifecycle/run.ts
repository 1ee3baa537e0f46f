import type { JsonObject } from '../../src/model/json.js';
import type { ApplyReport } from '../../src/model/outcome.js';
import type { Plan } from '../../src/model/plan.js';
import { everything, isOpen, keyOf, nameOf, namesakes, type Thing } from './objects.js';
import { accountOf, addressesOf, type Walk } from './walk.js';
import type { Ended, RunSettings } from './world.js';

/** What did not hold. Its message is the whole story up to there. */
export class BrokenPromise extends Error {}

export function demand(walk: Walk, holds: boolean, fault: string, ended?: Ended): asserts holds {
  if (holds) return;
  const output = ended === undefined ? [] : [`ended with ${ended.code}`, ended.out, ended.err];
  throw new BrokenPromise([fault, ...output, 'after:', ...walk.story.map((step) => `- ${step}`)].join('\n'));
}

/** Runs a command of the project, and holds it to whose objects it may touch. */
export async function run(walk: Walk, argv: readonly string[], settings?: RunSettings): Promise<Ended> {
  return await watched(walk, argv, () => walk.world.run(argv, settings));
}

/** The same for any work that carries out the given command. */
export async function watched<T>(walk: Walk, argv: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = everything(walk);
  const takes = new Set([...walk.takes, ...takenOver(walk, argv.includes('--adopt'))]);
  const result = await work();
  const after = everything(walk);
  for (const [key, thing] of before) {
    const now = after.get(key);
    if (!isOpen(walk, thing)) {
      demand(
        walk,
        now !== undefined && same(thing, now),
        `${key} is at an account that was left, and changed`,
      );
    } else if (!walk.ours.has(key) && !takes.has(key)) {
      demand(walk, now !== undefined, `${key} belonged to others and is gone: ${text(thing.object)}`);
      demand(walk, same(thing, now), `${key} belongs to others and changed: ${text(thing.object)}`);
    } else if (now === undefined) {
      const pruned = argv.includes('--prune') && mayBePruned(walk, thing);
      const replaced = isSuperseded(thing, after) || mayBeReplaced(walk, thing);
      demand(walk, pruned || replaced, `${key} was ours and is gone`);
      walk.ours.delete(key);
    }
    if (argv[0] === 'plan') demand(walk, now !== undefined && same(thing, now), `a plan changed ${key}`);
  }
  for (const [key, thing] of after) {
    if (before.has(key)) continue;
    demand(walk, argv[0] !== 'plan', `a plan made ${key}`);
    demand(walk, isOpen(walk, thing), `${key} was made at an account that was left`);
    walk.ours.add(key);
  }
  const held = heldIds(walk);
  for (const key of takes) if (held.has(after.get(key)?.id ?? '')) walk.ours.add(key);
  return result;
}

/** Keys of the objects of others that a command may take over. */
function takenOver(walk: Walk, adopts: boolean): string[] {
  const byId = [...walk.wanted.values()].flatMap(({ thing, id }) => {
    const account = accountOf(walk, thing);
    return id === undefined || account === undefined ? [] : [keyOf(account, walk.cast.kind, id)];
  });
  if (!adopts) return byId;
  return [
    ...byId,
    ...[...walk.wanted.values()].flatMap((wanted) => namesakes(walk, wanted).map(({ key }) => key)),
  ];
}

/** Tells if a removed object has another one in its place. */
function isSuperseded({ account, kind, key, object }: Thing, after: Map<string, Thing>): boolean {
  const plain = (one: JsonObject) => nameOf({ ...one, workspaceId: '' });
  return [...after.values()].some(
    (other) =>
      other.key !== key &&
      other.account === account &&
      other.kind === kind &&
      plain(other.object) === plain(object),
  );
}

function mayBePruned(walk: Walk, { id }: Thing): boolean {
  const addresses = addressesOf(walk);
  const known = [...walk.bound].filter(([, bound]) => bound.id === id).map(([address]) => address);
  return known.length === 0 ? walk.loose : known.every((address) => !addresses.has(address));
}

/** Where the old object has to go first, an apply that breaks off may not have come to the new one. */
function mayBeReplaced(walk: Walk, { id }: Thing): boolean {
  const known = [...walk.bound].find(([, bound]) => bound.id === id);
  if (known === undefined) return walk.loose;
  const versions = [addressesOf(walk).get(known[0])?.version, known[1].version];
  return versions.includes(2) && versions[0] !== versions[1];
}

/** Every id that the ledger names, with earlier versions. */
export function heldIds({ world }: Walk): Set<string> {
  const objects = Object.values(world.ledger()?.objects ?? {});
  return new Set(objects.flatMap(({ id, retired = [] }) => [id, ...retired]));
}

export function planOf(ended: Ended): Plan {
  return JSON.parse(ended.out) as Plan;
}

export function reportOf(ended: Ended): ApplyReport {
  return JSON.parse(ended.out) as ApplyReport;
}

export function said({ out, err }: Ended): string {
  return `${out}\n${err}`;
}

function same(before: Thing, now: Thing): boolean {
  return text(before.object) === text(now.object);
}

function text(object: JsonObject): string {
  return JSON.stringify(object);
}
