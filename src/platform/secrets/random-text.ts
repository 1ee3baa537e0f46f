/**
 * Tells whether a word looks made by chance, as keys, digests and ids do, and not written by people. Names of models, versions,
 * dates, addresses and identifiers in code do not.
 */
export function looksRandom(word: string): boolean {
  if (PREFIX.test(word)) return true;
  const parts = word.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  if (parts.some(isRandomPart)) return true;
  // In groups, as UUIDs and licence keys have it.
  const joined = parts.join('');
  if (HEX.test(joined) && isMixed(joined)) return true;
  return joined.length >= 20 && digitsIn(joined) >= 4 && turns(joined) >= 0.35;
}

/** Keys of OpenAI and those who do as they do, of GitHub, Slack, AWS and Google, and JSON web tokens. */
const PREFIX = /^(?:(?:sk|pk|rk)-|gh[oprsu]_|github_pat_|xox[a-z]-|A[KS]IA|AIza|eyJ)[\w.-]{8}/;
const HEX = /^[0-9A-Fa-f]{16,}$/;

function isRandomPart(part: string): boolean {
  if (part.length < 12) return false;
  const digits = digitsIn(part);
  if (part.length < 16) return digits >= 3 && turns(part) >= 0.4;
  if (digits === part.length) return true;
  if (HEX.test(part) && isMixed(part)) return true;
  if (digits >= 2) return turns(part) >= 0.28;
  return turns(part) >= 0.38 || (part.length >= 24 && /^(?:[a-z]+|[A-Z]+)$/.test(part));
}

function isMixed(text: string): boolean {
  const digits = digitsIn(text);
  return digits >= 3 && text.length - digits >= 3;
}

function digitsIn(text: string): number {
  return text.replace(/\D+/g, '').length;
}

/** The share of neighbours of which one is a digit, a capital or a small letter and the other is not. */
function turns(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at += 1) if (sortOf(text, at) !== sortOf(text, at - 1)) count += 1;
  return count / (text.length - 1);
}

function sortOf(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 0x3a) return 0;
  return code < 0x5b ? 1 : 2;
}
