import { isObject, type Json } from './json.js';

/** Stands in the place of a value that is not shown. */
export const HIDDEN = '(sensitive)';

/** A text that holds a secret in the open: a URL with a credential in it, or a member whose name says so. */
export interface Exposed {
  what: 'url' | 'member';
  /** Its place in the value that was searched. */
  path: readonly string[];
  text: string;
}

/**
 * A value with every exposed secret replaced.
 * @param name what the value itself is called, such as a field or the key of a map
 */
export function replaceExposed(name: string, value: Json, by: (exposed: Exposed) => Json): Json {
  return replaceIn(value, namesSecret(name), [], by);
}

/** A value as it may be shown and kept. */
export function hideExposed(name: string, value: Json, placeholder = HIDDEN): Json {
  return replaceExposed(name, value, ({ what, text }) =>
    what === 'member' ? placeholder : hideInUrl(text, placeholder),
  );
}

export function holdsExposed(name: string, value: Json): boolean {
  let found = false;
  replaceExposed(name, value, ({ text }) => {
    found = true;
    return text;
  });
  return found;
}

/** Tells whether text in a field for URLs carries a user name, a password or a key. */
export function urlHoldsKey(text: string): boolean {
  return hideInUrl(text, HIDDEN) !== text;
}

/** Tells whether the name of a member says that its value is a secret: `apiKey`, `X-Auth-Token`, `DB_PASSWORD`. */
export function namesSecret(name: string): boolean {
  const letters = lettersOf(name);
  return SECRET_NAME.test(letters) && !HARMLESS_TOKEN.test(letters);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

// A bare `key` is as often the key of a map, and `sort_key` or `key_id` are no secrets: only known compounds count.
const SECRET_NAME =
  /(?:(?:api|access|secret|private|auth|subscription|account|master|admin|signing|encryption|shared|service|storage|functions?|license)key|token|jwt|secrets?|password|passwd|passphrase|pwd|^pass|credentials?|connectionstring|authori[sz]ation|bearer|cookie)$/;

// Tokens of language models and of paging.
const HARMLESS_TOKEN =
  /(?:eos|bos|eot|pad|unk|sep|cls|mask|stop|end|start|special|image|audio|next|page|continuation|sync|first|last|per|max|min|new|think(?:ing)?)token$/;

function replaceIn(
  value: Json,
  isSecret: boolean,
  path: readonly string[],
  by: (exposed: Exposed) => Json,
): Json {
  if (typeof value === 'string') {
    if (value === '') return value;
    if (isSecret) return by({ what: 'member', path, text: value });
    return isUrl(value) && urlHoldsKey(value) ? by({ what: 'url', path, text: value }) : value;
  }
  if (Array.isArray(value))
    return value.map((item, i) => replaceIn(item, isSecret, [...path, String(i)], by));
  if (!isObject(value)) return value;
  // Headers are often written as a list of `{ name, value }`.
  const named = [value.name, value.key].some((name) => typeof name === 'string' && namesSecret(name));
  const members = Object.entries(value).map(([name, member]): [string, Json] => [
    name,
    replaceIn(member, namesSecret(name) || (named && name === 'value'), [...path, name], by),
  ]);
  // fromEntries defines members, so that a key such as __proto__ stays a key.
  return Object.fromEntries(members);
}

/**
 * Text that starts as a URL does, or a path without white space. What is said of a URL within a sentence is no URL. Line
 * breaks and tabs are skipped by those that read URLs.
 */
function isUrl(text: string): boolean {
  const line = text.trim();
  if (line.includes(' ') && /[\r\n]/.test(line)) return false;
  const joined = line.replace(/[\t\r\n]/g, '');
  return /^[a-z][a-z0-9+.-]+:[/\\]{2}/i.test(joined) || (/^[/\\]/.test(joined) && !/\s/.test(joined));
}

/** Reads the text itself: what URL parsers make of slashes, tabs and escapes differs, and a key has to be found by all. */
function hideInUrl(text: string, placeholder: string): string {
  const isWeb = /^\s*(?:https?:|wss?:|[/\\])/i.test(text);
  return text
    .replace(USER_INFO, (whole: string, start: string, user: string) =>
      // `ssh://git@host` names an account; on the web a lone user name is a token more often than not.
      isWeb || user.includes(':') ? `${start}${placeholder}@` : whole,
    )
    .replace(PARAMETER, (whole: string, start: string, name: string, value: string) =>
      isKey(decoded(name), decoded(value), isWeb) ? `${start}${name}=${placeholder}` : whole,
    );
}

// Each character can match in one way only: text may be long.
const USER_INFO = /^(\s*(?:[a-z][a-z0-9+.\t\r\n-]*:[\t\r\n]*)?[/\\][/\\\t\r\n]+)([^/\\?#\t\r\n][^/\\?#]*)@/i;
const PARAMETER = /([?&;#])([^?&;#=]*)=([^?&;#]*)/g;

function isKey(name: string, value: string, isWeb: boolean): boolean {
  if (value === '') return false;
  if (namesSecret(name)) return true;
  // The address of a secret, such as `vault://llm/openai?key=apiKey`, names its parts.
  if (isWeb && QUERY_KEY.test(lettersOf(name))) return true;
  if (MAYBE_KEY.test(lettersOf(name)) && RANDOM.test(value)) return true;
  // A URL within a URL, as proxies take them.
  return isUrl(value) && urlHoldsKey(value);
}

const QUERY_KEY = /^(?:key|sig|sas)$|signature$/;

/** `code` is what Azure calls the key of a function, and what others call a country or a colour. */
const MAYBE_KEY = /^(?:code|auth|session|sid)$/;
const RANDOM = /^(?=.*[0-9])(?=.*[a-z])[\w+/=~.-]{16,}$/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
