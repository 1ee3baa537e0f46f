import type { JsonObject } from '../../src/model/json.js';
import { boundLive } from './check.js';
import { everything, idOf, isOpen, keyOf, liveIds, nameOf, namesakes, wantedName } from './objects.js';
import { demand, planOf, reportOf, run, said } from './run.js';
import { accountOf, addressesOf, type Walk, type Wanted } from './walk.js';
import type { Ended } from './world.js';

const APPLY = ['apply', '--auto-approve', '--format', 'json'];

/** Applies, takes the way out that a guard names, and holds the result to what the model expects. */
export async function apply(walk: Walk, ...flags: string[]): Promise<void> {
  const expected = expectedRefusal(walk, flags);
  const mayFail = canFail(walk, flags);
  let argv = [...APPLY, ...flags];
  for (let tries = 0; ; tries += 1) {
    const writes = countWrites(walk);
    const ended = await run(walk, argv);
    if (ended.code !== 4) {
      demand(walk, walk.loose || tries > 0 || expected === undefined, `${expected} did not refuse it`, ended);
      return await settle(walk, argv, ended, mayFail);
    }
    demand(walk, countWrites(walk) === writes, 'it was refused, and something was written', ended);
    const may = walk.loose || expected !== undefined || tries > 0 || mayReplace(walk);
    demand(walk, may, 'it was refused without a reason', ended);
    const ways = [...said(ended).matchAll(/(--max-(?:missing|delete)) (\d+)/g)];
    demand(walk, ways.length > 0 && tries < 3, 'no way out is named', ended);
    argv = [...argv, ...ways.flatMap(([, flag = '', count = '']) => [flag, count])];
  }
}

/** Takes over what an apply reports, and holds it to it. */
export async function settle(
  walk: Walk,
  argv: readonly string[],
  ended: Ended,
  mayFail: boolean,
): Promise<void> {
  if (ended.code === 3) {
    demand(walk, mayFail, 'an apply that had to work did not', ended);
    takeOver(walk, ended);
    return;
  }
  demand(walk, ended.code === 0, 'the apply failed', ended);
  const clean = !walk.loose;
  walk.loose = false;
  await demandOrder(walk, argv, ended, clean);
}

/** After a clean apply: each address has its own object, nothing of ours is left over, and the second plan is empty. */
async function demandOrder(walk: Walk, argv: readonly string[], ended: Ended, clean: boolean): Promise<void> {
  const { world, cast } = walk;
  const ledger = world.ledger();
  const addresses = addressesOf(walk);
  const all = everything(walk);
  const ids = liveIds(walk);
  const before = new Map(walk.bound);
  const after = new Map<string, string>();
  for (const [address, { id }] of Object.entries(ledger?.objects ?? {})) {
    demand(
      walk,
      ![...after.values()].includes(id),
      `${address} shares its object with another address`,
      ended,
    );
    after.set(address, id);
  }
  // Without a manifest, an intent is all that tells of an object which a create may have made.
  const intents = Object.keys(ledger?.intents ?? {}).filter((address) => addresses.has(address));
  demand(walk, intents.length === 0, `an intent of ${intents.join(', ')} is left in the ledger`, ended);
  for (const [address, wanted] of addresses) {
    const id = after.get(address);
    demand(walk, id !== undefined && ids.has(id), `${address} has no object after a clean apply`, ended);
    const account = wanted === undefined ? undefined : accountOf(walk, wanted.thing);
    if (wanted === undefined || account === undefined) continue;
    const object = all.get(keyOf(account, cast.kind, id))?.object;
    demand(walk, object !== undefined, `${address} has an object at another account`, ended);
    demand(walk, nameOf(object) === wantedName(walk, wanted), `${address} has another one's object`, ended);
    const earlier = before.get(address)?.id;
    const kept =
      earlier === undefined ||
      !ids.has(earlier) ||
      earlier === id ||
      wanted.id !== undefined ||
      walk.takes.size > 0;
    demand(walk, kept || !clean, `${address} changed its object from ${earlier} to ${id}`, ended);
  }
  demandSecrets(walk, after, ended);
  walk.edited.clear();
  walk.bound = new Map(
    [...after].map(([address, id]) => [
      address,
      { id, version: addresses.get(address)?.version ?? 0, secret: walk.secret },
    ]),
  );
  const flags = argv.filter((flag) => ['--prune', '--adopt'].includes(flag));
  const second = await run(walk, ['plan', '--format', 'json', '--detailed-exitcode', ...flags]);
  demand(walk, second.code === 0, 'the second plan is not empty', second);
  const orphans = planOf(second).changes;
  for (const { address, action } of orphans) {
    demand(
      walk,
      action === 'orphan' && !flags.includes('--prune'),
      `${address} is still a ${action}`,
      second,
    );
  }
  const accounted = new Set([...addresses.keys()].flatMap((address) => after.get(address) ?? []));
  for (const { address, id } of orphans) {
    accounted.add(String(id));
    // An apply that broke off may have made it: its mark, or the intent, is all that tells.
    if (!walk.bound.has(address))
      walk.bound.set(address, { id: String(id), version: 0, secret: walk.secret });
  }
  for (const { retired = [] } of Object.values(ledger?.objects ?? {})) {
    // An earlier version has to stay while something refers to it.
    for (const id of retired) if (isReferredTo(id, all)) accounted.add(id);
  }
  for (const thing of all.values()) {
    if (!walk.ours.has(thing.key) || !isOpen(walk, thing)) continue;
    demand(walk, accounted.has(thing.id), `${thing.key} is ours twice, or forgotten`, second);
  }
}

function isReferredTo(id: string, all: ReturnType<typeof everything>): boolean {
  return [...all.values()].some((thing) => thing.id !== id && JSON.stringify(thing.object).includes(id));
}

function demandSecrets(walk: Walk, after: ReadonlyMap<string, string>, ended: Ended): void {
  const { kind, read } = walk.cast.secret;
  for (const target of Object.values(walk.project.targets)) {
    if (target === undefined) continue;
    for (const address of addressesOf(walk).keys()) {
      const id = after.get(address);
      if (!address.startsWith(`${target.name}/${kind}/`) || id === undefined) continue;
      const value = read(target.account.secrets(kind, id));
      demand(walk, value === walk.world.env.SECRET, `${address} holds another secret than it should`, ended);
    }
  }
}

/** What was applied of a run that was not whole. */
function takeOver(walk: Walk, ended: Ended): void {
  const entries = walk.world.ledger()?.objects ?? {};
  const addresses = addressesOf(walk);
  for (const { address, status } of reportOf(ended).outcomes) {
    if (status === 'failed' || status === 'stale') walk.loose = true;
    if (status !== 'applied') continue;
    const id = entries[address]?.id;
    walk.edited.delete(walk.bound.get(address)?.id ?? '');
    if (id === undefined) walk.bound.delete(address);
    else {
      const version = addresses.get(address)?.version ?? 0;
      walk.bound.set(address, { id, version, secret: walk.secret });
    }
  }
  for (const [address] of walk.bound) if (entries[address] === undefined) walk.bound.delete(address);
}

/** The guard that has to refuse an apply. */
function expectedRefusal(walk: Walk, flags: readonly string[]): string | undefined {
  if (walk.loose) return undefined;
  const live = liveIds(walk);
  for (const target of Object.values(walk.project.targets)) {
    const remembered = [...walk.bound].filter(([address]) => address.startsWith(`${target?.name}/`));
    const missing = remembered.filter(([, { id }]) => !live.has(id));
    if (missing.length > 1 && missing.length === remembered.length) return 'the guard on missing objects';
  }
  if (flags.includes('--max-delete')) return undefined;
  const addresses = addressesOf(walk);
  const goes = ([address, { id }]: [string, { id: string }]) => !addresses.has(address) && live.has(id);
  if (flags.includes('--prune') && [...walk.bound].some(goes)) return 'the guard on deletions';
  return undefined;
}

/** The fields of the last version are those that some updates cannot change. */
function mayReplace(walk: Walk): boolean {
  return [...addressesOf(walk)].some(([address, wanted]) => {
    const versions = [wanted?.version, walk.bound.get(address)?.version];
    return versions.includes(2) && versions[0] !== versions[1];
  });
}

/** Tells if something may rightly be left undone: not adopted, or refused by a vendor whose names are unique. */
export function canFail(walk: Walk, flags: readonly string[]): boolean {
  if (walk.loose) return true;
  return [...walk.wanted.values()].some((wanted) => {
    if (accountOf(walk, wanted.thing) === undefined) return false;
    const others = boundLive(walk, wanted.thing) === undefined ? namesakes(walk, wanted) : [];
    // What an object has and no update can change is never adopted.
    if (others.length > 0 && (!flags.includes('--adopt') || wanted.version === 2)) return true;
    return hasRival(walk, wanted);
  });
}

/** Another object of the same natural name, where the vendor may refuse a second one. */
function hasRival(walk: Walk, wanted: Wanted): boolean {
  const account = accountOf(walk, wanted.thing);
  if (!['flashback', 'goodmem'].includes(walk.world.vendor) || account === undefined) return false;
  const mine = boundLive(walk, wanted.thing);
  const plain = (object: JsonObject) => nameOf({ ...object, workspaceId: '' });
  const name = plain({ ...walk.cast.llm(wanted.thing) }.spec as JsonObject);
  return account.objects(walk.cast.kind).some((object) => idOf(object) !== mine && plain(object) === name);
}

function countWrites({ accounts }: Walk): number {
  return accounts.flatMap(({ requests }) => requests.filter(({ method }) => method !== 'GET')).length;
}
