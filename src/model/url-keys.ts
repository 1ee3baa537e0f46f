import { isHarmless, lettersOf, namesSecret } from './secret-names.js';

/** Stands in the place of a value that is not shown. */
export const HIDDEN = '(sensitive)';

/** Tells if a URL, or a part of one, carries a user name, a password or a key. */
export function urlHoldsKey(text: string): boolean {
  return hideKeysInUrl(text) !== text;
}

/**
 * Text that starts as a URL does, or a path without white space. What is said of a URL within a sentence is no URL. Line
 * breaks and tabs are skipped by those that read URLs.
 */
export function startsAsUrl(text: string): boolean {
  if (!MAYBE_URL.test(text)) return false;
  const line = text.trim();
  if (line.includes(' ') && /[\r\n]/.test(line)) return false;
  const joined = line.replace(/[\t\r\n]/g, '');
  return /^[a-z][a-z0-9+.-]+:[/\\]{2}/i.test(joined) || (/^[/\\]/.test(joined) && !/\s/.test(joined));
}

/** Rules out most texts at their first word. */
const MAYBE_URL = /^\s*(?:[a-z][a-z0-9+.\t\r\n-]*:[\t\r\n]*)?[/\\]/i;

/**
 * A URL, or a part of one, without its keys. Reads the text itself: what URL parsers make of slashes, tabs and escapes
 * differs, and a key has to be found by all.
 */
export function hideKeysInUrl(text: string, placeholder = HIDDEN): string {
  if (!MAYBE_KEY_IN_URL.test(text)) return text;
  const hidden = hideAsWritten(text, placeholder);
  const plain = decoded(hidden);
  // An address within the address, such as a proxy takes: its end cannot be told, so nothing of it is shown.
  return plain === hidden || hideAsWritten(plain, placeholder) === plain ? hidden : placeholder;
}

/** A text without any of these has neither a user name nor a parameter, nor an escape of one. */
const MAYBE_KEY_IN_URL = /[@?&;#%]/;

function hideAsWritten(text: string, placeholder: string): string {
  const isWeb = /^\s*(?:https?|wss?):/i.test(text) || !/^\s*[a-z][a-z0-9+.-]*:[/\\]/i.test(text);
  const bare = /^\s*mailto:/i.test(text) ? text : text.replace(BARE_USER_INFO, `$1${placeholder}@`);
  return bare
    .replace(USER_INFO, (whole: string, start: string, user: string) =>
      // `ssh://git@host` names an account; on the web a lone user name is a token more often than not.
      isWeb || user.includes(':') ? `${start}${placeholder}@` : whole,
    )
    .replace(INNER_USER_INFO, `$1${placeholder}@`)
    .replace(PARAMETER, (whole: string, start: string, name: string, value = '') =>
      value !== '' && isKey(decoded(name), decoded(value.replaceAll('+', ' ')), isWeb)
        ? `${start}${name}=${placeholder}`
        : whole,
    );
}

// Each character can match in one way only: text may be long.
const USER_INFO =
  /^(\s*(?:[a-z][a-z0-9+.\t\r\n-]*:[\t\r\n]*)?[/\\][/\\\t\r\n]+)([^/\\?#\t\r\n ][^/\\?# ]*)@/i;
/** Of an address without a scheme, where only a password tells it from an account. */
const BARE_USER_INFO = /^(\s*)[^\s/\\?#@:]+:[^\s/\\?#@]+@/;
const INNER_USER_INFO = /(:[/\\]{2,})[^\s/\\?#@:]+:[^\s/\\?#@]*@/g;
const PARAMETER = /([?&;#])([^?&;#=%]*(?:%(?!3d)[^?&;#=%]*)*)(?:(?:=|%3d)([^?&;#]*))?/gi;

function isKey(name: string, value: string, isWeb: boolean): boolean {
  if (isHarmless(value)) return false;
  if (namesSecret(name)) return true;
  const letters = lettersOf(name);
  // The address of a secret, such as `vault://llm/openai?key=apiKey`, names its parts.
  if (isWeb && QUERY_KEY.test(letters)) return true;
  if (MAYBE_KEY.test(letters) && !OTHER_KEY.test(letters) && RANDOM.test(value)) return true;
  // A URL within a URL, as proxies take them.
  return startsAsUrl(value) && urlHoldsKey(value);
}

const QUERY_KEY = /^(?:key|sig|sas)$|signature$/;

/** `code` is what Azure calls the key of a function, and what others call a country or a colour. */
const MAYBE_KEY = /^(?:code|auth|session|sid|hmac|ticket)$|key$/;
const OTHER_KEY = /(?:sort|public|partition|primary|cache|group|page|object)key$/;
const RANDOM = /^(?=.*[0-9])(?=.*[a-z])[\w+/=~.-]{16,}$/i;

/** Escapes resolved, also those of escapes. What is no escape stays. */
function decoded(text: string): string {
  let plain = text;
  for (let round = 0; round < MOST_ROUNDS && plain.includes('%'); round += 1)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
  return plain;
}

const MOST_ROUNDS = 3;

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}
