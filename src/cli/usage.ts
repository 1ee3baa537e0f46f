import type { Command, CommanderError } from 'commander';
import { type Diagnostic, DiagnosticError, error } from '../model/diagnostic.js';
import { didYouMean } from '../model/suggest.js';
import type { Format } from './flags.js';

/** A mistake on the command line, with the help to look at. */
export function usageError(fault: CommanderError, argv: readonly string[], program: Command): Diagnostic {
  const [head = '', ...hints] = fault.message.replace(/^error: /, '').split('\n');
  // Commander appends what is allowed to the same line.
  const [summary = '', ...more] = head.split(/(?<=\w'?)\. /);
  const command = commandIn(argv, program);
  const detail = [
    ...more,
    ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1')),
    ...(EXTRA[fault.code] ?? []),
    ...(fault.code === 'commander.unknownOption' && argv[0]?.startsWith('-') ? [AFTER_COMMAND] : []),
    `See llmform ${command === undefined ? '' : `${command} `}--help.`,
  ];
  return error('usage', summary.replace(/\.$/, ''), { detail: detail.join(' ') });
}

/** The command that a command line names, with the one inside of it. */
function commandIn(argv: readonly string[], program: Command): string | undefined {
  let [found, words]: [Command, string[]] = [program, []];
  for (const word of argv) {
    const next = found.commands.find((command) => command.name() === word);
    if (next !== undefined) [found, words] = [next, [...words, word]];
  }
  return words.length === 0 ? undefined : words.join(' ');
}

const EXTRA: Readonly<Record<string, readonly string[]>> = {
  'commander.excessArguments': [
    'One target is selected with --target NAME, a project file with --config FILE.',
  ],
};

const AFTER_COMMAND = 'Options stand after the command, as in llmform plan --format json.';

export function unknownCommand(name: string, program: Command): DiagnosticError {
  const names = program.commands.map((command) => command.name());
  return new DiagnosticError(
    error('usage', `unknown command '${name}'`, {
      detail: `${didYouMean(name, names)}Commands: ${names.join(', ')}.`,
    }),
  );
}

/** The requested format, read before the rest of the command line is checked. */
export function requestedFormat(argv: readonly string[]): Format {
  const words = argv.flatMap((word, i) => {
    const [, joined] = /^(?:--format=|-[qy]*f=?)(.+)$/.exec(word) ?? [];
    if (joined !== undefined) return [joined];
    return /^(--format|-[qy]*f)$/.test(word) ? [argv[i + 1] ?? ''] : [];
  });
  const said = words.at(-1);
  return said === 'json' || said === 'github' || said === 'markdown' ? said : 'text';
}
