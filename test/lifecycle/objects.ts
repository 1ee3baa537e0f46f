import type { Emulator } from '../../src/emulator/index.js';
import { isObject, type JsonObject } from '../../src/model/json.js';
import type { Cast } from '../support/cast.js';
import { accountOf, versionsOf, type Walk, type Wanted } from './walk.js';

/** An object at one of the accounts. */
export interface Thing {
  key: string;
  account: Emulator;
  kind: string;
  id: string;
  object: JsonObject;
}

/** Everything that is at any account, by key. */
export function everything({ accounts, cast }: Walk): Map<string, Thing> {
  const found = new Map<string, Thing>();
  for (const account of accounts) {
    for (const kind of new Set([cast.kind, cast.secret.kind])) {
      for (const object of account.objects(kind)) {
        const id = idOf(object);
        const key = keyOf(account, kind, id);
        found.set(key, { key, account, kind, id, object });
      }
    }
  }
  return found;
}

/** Ids of what is at the accounts that the targets lead to now. */
export function liveIds(walk: Walk): Set<string> {
  const open = [...everything(walk).values()].filter((thing) => isOpen(walk, thing));
  return new Set(open.map(({ id }) => id));
}

export function keyOf({ url }: Emulator, kind: string, id: string): string {
  return `${url} ${kind} ${id}`;
}

export function idOf(object: JsonObject): string {
  return String(object.llmId ?? object.id);
}

/** What makes two objects namesakes. */
export function nameOf(object: JsonObject): string {
  const { workspaceId = '', displayName, display_name, name, secret_name } = object;
  return [workspaceId, displayName ?? display_name ?? name ?? secret_name].join('/');
}

/** The natural name that a manifest asks for. */
export function wantedName({ cast }: Walk, { thing, version }: Wanted): string {
  const { spec } = cast.llm(thing, versionsOf(cast)[version]);
  return nameOf(isObject(spec) ? spec : {});
}

export function isOpen({ project }: Walk, { account }: Pick<Thing, 'account'>): boolean {
  return Object.values(project.targets).some((target) => target?.account === account);
}

/** Objects of others that could be meant by a manifest, going by the name alone. */
export function namesakes(walk: Walk, wanted: Wanted): Thing[] {
  const account = accountOf(walk, wanted.thing);
  return [...everything(walk).values()].filter(
    (thing) =>
      thing.account === account &&
      thing.kind === walk.cast.kind &&
      !walk.ours.has(thing.key) &&
      nameOf(thing.object) === wantedName(walk, wanted) &&
      !hasMark(walk.cast, thing.object),
  );
}

function hasMark({ map }: Cast, object: JsonObject): boolean {
  const keys = map === undefined ? undefined : object[map];
  return isObject(keys) && Object.keys(keys).some((key) => key.startsWith('llmform'));
}
