/** Tells if the name of a member says that its value is a secret: `apiKey`, `X-Auth-Token`, `DB_PASSWORDS`. */
export function namesSecret(name: string): boolean {
  return factsOf(name).secret;
}

/** Tells if the name of a member says that its value counts tokens, or that it is one. */
export function namesToken(name: string): boolean {
  return /tokens?$/.test(lettersOf(name));
}

/** Tells if the name of a member says that its text is a URL, or a part of one, however it starts. */
export function namesUrl(name: string): boolean {
  return factsOf(name).url;
}

/** A switch, or a token of a language model such as `<|user|>`: no secret under any name. */
export function isHarmless(value: string): boolean {
  return HARMLESS_VALUE.test(value.trim());
}

/** A name in lower case, without what separates its words. */
export function lettersOf(name: string): string {
  return factsOf(name).letters;
}

interface NameFacts {
  letters: string;
  secret: boolean;
  url: boolean;
}

/** Thousands of objects have the same few names, each looked at once. */
const known = new Map<string, NameFacts>();
const MOST_KNOWN = 1_000;
const LONGEST_KNOWN = 100;

function factsOf(name: string): NameFacts {
  const before = known.get(name);
  if (before !== undefined) return before;
  const facts = findFacts(name);
  if (name.length > LONGEST_KNOWN) return facts;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, facts);
  return facts;
}

function findFacts(name: string): NameFacts {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const bare = letters.replace(/v?\d+$/, '');
  return {
    letters,
    secret: SECRET_NAME.test(bare) && !HARMLESS_TOKEN.test(bare),
    url: URL_NAME.test(letters),
  };
}

const URL_NAME = /(?:ur[il]|endpoint|href|webhook|proxy|path)s?$/;

// A bare `key` is as often the key of a map, and `sort_key` or `key_id` are no secrets: only known compounds count.
const SECRET_NAME =
  /(?:(?:api|access|secret|private|auth|subscription|account|master|admin|signing|encryption|shared|service|storage|functions?|license)key|token|jwt|secret|password|passwd|passphrase|pwd|^pass|credential|connectionstring|authori[sz]ation|bearer|cookie)s?$/;

// Tokens of language models and of paging.
const HARMLESS_TOKEN =
  /(?:eos|bos|eot|pad|unk|sep|cls|mask|stop|end|start|special|image|audio|video|vision|next|page|continuation|sync|first|last|per|max|min|new|think(?:ing)?|reasoning|prompt|completion|input|output|total|cached|budget)tokens?$/;

const HARMLESS_VALUE =
  /^(?:none|off|on|true|false|yes|no|null|auto|default|optional|required|disabled|enabled|basic|bearer|name|[01]|<[^<>]{1,40}>|\[[^[\]]{1,40}\])$/i;
