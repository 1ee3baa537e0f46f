import { isObject, type Json, type JsonObject } from './json.js';
import { valueAt } from './pointer.js';
import { isHarmless, lettersOf, namesSecret, namesToken, namesUrl } from './secret-names.js';
import { HIDDEN, hideKeysInUrl, startsAsUrl, urlHoldsKey } from './url-keys.js';

/** A value that holds a secret in the open: a URL with a credential in it, or one under a name that says so. */
export interface Exposed {
  what: 'url' | 'member';
  /** Its place in the value that was searched. */
  path: readonly string[];
  value: string | number;
}

/**
 * A value with every exposed secret replaced; the value itself where it has none.
 * @param name what the value itself is called, such as a field or the key of a map
 */
export function replaceExposed(name: string, value: Json, by: (exposed: Exposed) => Json): Json {
  return replaceIn(value, namesSecret(name) ? { secret: name } : { url: namesUrl(name) }, [], by);
}

/**
 * A vendor's value as it may be shown.
 * @param own what the manifest says in its place: at each place where both are the same, the value is shown; where they
 *   differ, so does what is shown
 */
export function hideExposed(name: string, value: Json, own?: Json): Json {
  return replaceExposed(name, value, ({ what, path, value: found }) => {
    const said = valueAt(own, path);
    if (said === found) return found;
    const hide = (placeholder: string) =>
      what === 'member' ? placeholder : hideKeysInUrl(String(found), placeholder);
    const shown = hide(HIDDEN);
    return shown === said ? hide('(sensitive, another)') : shown;
  });
}

export function holdsExposed(name: string, value: Json): boolean {
  let found = false;
  replaceExposed(name, value, ({ value: text }) => {
    found = true;
    return text;
  });
  return found;
}

/** Facts that the names around a value give: the name that marks it as a secret, or that it is a URL. */
interface Known {
  secret?: string;
  url?: boolean;
}

/** Returns the same value where nothing in it was replaced: nearly always. `path` is back as it was when this returns. */
function replaceIn(value: Json, known: Known, path: string[], by: (exposed: Exposed) => Json): Json {
  if (typeof value === 'string' || typeof value === 'number') {
    const what = exposedAs(value, known);
    return what === undefined ? value : by({ what, path: [...path], value });
  }
  if (Array.isArray(value)) return replaceInList(value, known, path, by);
  if (!isObject(value) || isReference(value)) return value;
  let made: JsonObject | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name] ?? null;
    const next = replaceAt(name, member, knownOf(name, value, known), path, by);
    if (next === member) continue;
    // The copy has a key such as __proto__ of its own already, so that it stays a key.
    made ??= { ...value };
    made[name] = next;
  }
  return made ?? value;
}

function replaceInList(list: Json[], known: Known, path: string[], by: (exposed: Exposed) => Json): Json {
  const [name, , ...more] = list;
  const pair = typeof name === 'string' && more.length === 0 && namesSecret(name);
  const ofItem = (i: number) => (pair && i === 1 ? { secret: name } : pair ? {} : known);
  let made: Json[] | undefined;
  for (const [i, item] of list.entries()) {
    const next = replaceAt(String(i), item, ofItem(i), path, by);
    if (next === item) continue;
    made ??= [...list];
    made[i] = next;
  }
  return made ?? list;
}

function replaceAt(
  token: string,
  value: Json,
  known: Known,
  path: string[],
  by: (exposed: Exposed) => Json,
): Json {
  path.push(token);
  const next = replaceIn(value, known, path, by);
  path.pop();
  return next;
}

function exposedAs(value: string | number, { secret, url }: Known): Exposed['what'] | undefined {
  if (secret !== undefined) {
    // Beside passwords, numbers under such names are counts of tokens.
    if (typeof value === 'number' && namesToken(secret)) return undefined;
    return value === '' || isHarmless(String(value)) ? undefined : 'member';
  }
  if (typeof value === 'number') return undefined;
  return (url || startsAsUrl(value)) && urlHoldsKey(value) ? 'url' : undefined;
}

function knownOf(name: string, object: JsonObject, { secret }: Known): Known {
  if (namesSecret(name)) return { secret: name };
  const letters = lettersOf(name);
  // Headers are often written as a list of `{ name, value }`.
  const said = VALUE.test(letters) ? nameBeside(object) : undefined;
  if (said !== undefined) return { secret: said };
  if (secret !== undefined && (isSchema(object) ? VALUE.test(letters) : !LABEL.test(letters)))
    return { secret };
  return { url: namesUrl(name) };
}

/** Of `{ name: X-Api-Key, value: … }`, the name, if it says that the value is a secret. */
function nameBeside(object: JsonObject): string | undefined {
  const names = Object.entries(object).map(([name, text]) => (NAME.test(lettersOf(name)) ? text : undefined));
  return names.find((text): text is string => typeof text === 'string' && namesSecret(text));
}

const NAME = /^(?:name|key|header|headername)$/;
const VALUE = /^(?:values?|default|const|examples?|content)$/;
/** Names of members that describe a secret and do not hold it. */
const LABEL = /^(?:type|kind|name|id|title|description|format|in|header|headername|prefix|scheme)$/;

/** A JSON Schema, as tools describe their parameters. */
function isSchema({ type }: JsonObject): boolean {
  return typeof type === 'string' && /^(?:string|number|integer|boolean|object|array|null)$/.test(type);
}

/** `{ fromEnv: NAME }` says where a secret is. */
function isReference(object: JsonObject): boolean {
  const [name, ...more] = Object.keys(object);
  return more.length === 0 && /^from(?:Env|File|Command)$/.test(name ?? '');
}
