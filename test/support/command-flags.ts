import { llmform } from './run-cli.js';

/** Words of a command line of `llmform` that begin like flags and are none of the command's. */
export async function unknownFlags([command = '', ...words]: readonly string[]): Promise<string[]> {
  const { out } = await llmform([command, '--help']);
  const known = new Set(out.match(/--[a-z][a-z-]*/g) ?? []);
  return words.filter((word) => word.startsWith('-') && !known.has(word));
}
