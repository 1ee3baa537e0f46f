/**
 * Text without anything that a CI system takes for a command: GitHub and Forgejo obey a line that begins with `::` after
 * white space, and GitHub, Azure and TeamCity obey `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere in a line. The first
 * character becomes a `\u` escape, which a reader sees and which means the same within a JSON string.
 */
export function stripCommands(text: string): string {
  return stripHashCommands(text).replace(LINE_COMMAND, (found) => `${found.slice(0, -2)}\\u003a:`);
}

/** Our own `::error …::` lines as they are, without what another CI system would obey within them. */
export function stripHashCommands(text: string): string {
  return text.replace(HASH_COMMAND, '\\u0023');
}

/** The white space is what .NET trims, since GitHub's runner and Azure's agent are written in it. */
const LINE_COMMAND = /(?<![^\r\n])(?:[^\S\r\n]|\u0085)*::/g;

const HASH_COMMAND = /#(?=#[A-Za-z]*\[)/g;
