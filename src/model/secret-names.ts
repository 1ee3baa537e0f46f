/** Keys of free maps may be many. A name of 13 letters and more may be a view of a long text, which would stay in memory. */
const MOST_NAMES = 1000;
const LONG_NAME = 13;

/** Tells if the name of a member says that its value is a secret: `apiKey`, `X-Auth-Token`, `DB_PASSWORDS`. */
export const namesSecret = remembered((name) => {
  const letters = lettersOf(name).replace(/v?\d+$/, '');
  return SECRET_NAME.test(letters) && !HARMLESS_TOKEN.test(letters);
});

/** Tells if the name of a member says that its value counts tokens, or that it is one. */
export function namesToken(name: string): boolean {
  return /tokens?$/.test(lettersOf(name));
}

/** Tells if the name of a member says that its text is a URL, or a part of one, however it starts. */
export const namesUrl = remembered((name) =>
  /(?:ur[il]|endpoint|href|webhook|proxy|path)s?$/.test(lettersOf(name)),
);

/** A project has few names of members, and asks about each of them thousands of times. */
function remembered(test: (name: string) => boolean): (name: string) => boolean {
  const answers = new Map<string, boolean>();
  return (name) => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const answer = test(name);
    if (answers.size < MOST_NAMES && name.length < LONG_NAME) answers.set(name, answer);
    return answer;
  };
}

/** A switch, or a token of a language model such as `<|user|>`: no secret under any name. */
export function isHarmless(value: string): boolean {
  return HARMLESS_VALUE.test(value.trim());
}

/** A name in lower case, without what separates its words. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

// A bare `key` is as often the key of a map, and `sort_key` or `key_id` are no secrets: only known compounds count.
const SECRET_NAME =
  /(?:(?:api|access|secret|private|auth|subscription|account|master|admin|signing|encryption|shared|service|storage|functions?|license)key|token|jwt|secret|password|passwd|passphrase|pwd|^pass|credential|connectionstring|authori[sz]ation|bearer|cookie)s?$/;

// Tokens of language models and of paging.
const HARMLESS_TOKEN =
  /(?:eos|bos|eot|pad|unk|sep|cls|mask|stop|end|start|special|image|audio|video|vision|next|page|continuation|sync|first|last|per|max|min|new|think(?:ing)?|reasoning|prompt|completion|input|output|total|cached|budget)tokens?$/;

const HARMLESS_VALUE =
  /^(?:none|off|on|true|false|yes|no|null|auto|default|optional|required|disabled|enabled|basic|bearer|name|[01]|<[^<>]{1,40}>|\[[^[\]]{1,40}\])$/i;
