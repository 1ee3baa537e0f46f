import { Command } from 'commander';
import type { Terminal } from '../platform/process/terminal.js';
import { addApply, addDemo, addEmulate, addPlan, addValidate, addWatch } from './commands.js';
import type { Act, Main } from './flags.js';
import { addHistory } from './history-command.js';
import { addResume, addSuspend } from './suspend-commands.js';
import { unknownCommand } from './usage.js';
import { version } from './version.js';

/** The commands, their flags and their help. What a command does is loaded once it is called. */
export function buildCommandLine(terminal: Terminal, act: Act, main: Main): Command {
  const program = new Command('llmform')
    .description(
      "Plan and apply for LLM configurations that live behind vendors' HTTP APIs. " +
        'Write them down as YAML, see what would change, then change it.',
    )
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: () => undefined })
    // Defaults are said in the descriptions, in the words of the reader.
    .configureHelp({
      helpWidth: Math.min(terminal.width ?? 80, 100),
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(term)].join(' '),
    })
    .addHelpText('after', EXAMPLES);
  addValidate(program, terminal, act);
  addPlan(program, terminal, act);
  addApply(program, terminal, act);
  addWatch(program, terminal, act);
  addHistory(program, terminal, act);
  addSuspend(program, terminal, act);
  addResume(program, terminal, act);
  addEmulate(program, terminal, act);
  addDemo(program, terminal, act, main);
  addHelp(program);
  return program;
}

function term(argument: { name(): string; variadic: boolean }): string {
  return `[${argument.name()}${argument.variadic ? '...' : ''}]`;
}

const EXAMPLES = `
Examples:
  llmform validate      check every manifest offline
  llmform plan          see what would change
  llmform apply         see it again, confirm, and apply it
  llmform watch         notice drift, or heal it, within minutes
  llmform demo          see all of this with emulated vendors

Exit codes:
  0    done; with plan --detailed-exitcode: nothing to change
  1    an error; nothing was written
  2    plan --detailed-exitcode, watch --once: there are changes
  3    apply did a part; what was applied is recorded
  4    apply refused before the first write: a guard, a stale plan, no approval
  130  interrupted; the request in flight was finished and recorded

Run llmform help <command> for its flags.
`;

function addHelp(program: Command): void {
  program
    .command('help')
    .description('Shows the help of a command.')
    .summary('show the help of a command')
    .argument('[command]')
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((one) => one.name() === name);
      if (command === undefined) throw unknownCommand(name ?? '', program);
      command.outputHelp();
    });
}
