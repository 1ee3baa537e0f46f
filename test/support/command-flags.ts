import { llmform } from './run-cli.js';

/** Words of a command line of `llmform` that begin like flags and are none of the command's. */
export async function unknownFlags([command = '', ...words]: readonly string[]): Promise<string[]> {
  // A command with commands inside has the flags of none of them.
  const inner = command === 'ledger' && /^[a-z]+$/.test(words[0] ?? '') ? words.slice(0, 1) : [];
  const { out } = await llmform([command, ...inner, '--help']);
  const known = new Set(out.match(/--[a-z][a-z-]*/g) ?? []);
  return words.filter((word) => word.startsWith('-') && !known.has(word));
}
