import type { Command } from 'commander';
import type { Terminal } from '../platform/process/terminal.js';
import { type Act, addCommonFlags, parseCount } from './flags.js';
import type { HistoryFlags } from './history.js';

export function addHistory(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('history')
    .summary('show what was applied, when, by whom, from which commit')
    .description(
      'Shows what apply and watch wrote, newest first: when, who, from which commit of the manifests, and of each ' +
        'field the value before and after. Secrets are left out. Asks no vendor and needs no credential.',
    )
    .argument('[address]', 'an object, such as anam-prod/LLM/support, or the part of it before a slash')
    .option('-n, --limit <n>', 'number of changes to show (default: 100; 0: all)', parseCount, 100)
    .addHelpText(
      'after',
      `
Examples:
  llmform history
  llmform history anam-prod/LLM/support    what became of one object
  llmform history --limit 0 --format json  all of it, for a script
`,
    );
  addCommonFlags(command, ['text', 'json']).action((address: string | undefined, flags: HistoryFlags) =>
    act(async () => (await import('./history.js')).runHistory(address, flags, terminal)),
  );
}
