import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { processTerminal, type Terminal } from '../io/terminal.js';
import { type Diagnostic, DiagnosticError } from '../model/diagnostic.js';
import { VendorError } from '../model/vendor-error.js';
import {
  type ApplyFlags,
  addCommonFlags,
  addPlanFlags,
  type CommonFlags,
  count,
  type Format,
  type PlanFlags,
} from './flags.js';
import { EXIT, Exit, printFailure, textOptions } from './output.js';
import { version } from './version.js';

/** Runs one command line and returns its exit code. Prints everything itself; throws only on a bug of ours. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let code: number = EXIT.done;
  const program = commandLine(terminal, async (run) => {
    code = await run();
  });
  const options = textOptions(terminal, { color: !argv.includes('--no-color'), verbose: false });
  const fail = (exit: number, diagnostics: readonly Diagnostic[]) => {
    printFailure(terminal, formatIn(argv), options, diagnostics);
    return exit;
  };
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT.done : fail(EXIT.error, [usage(error)]);
    if (error instanceof Exit) return fail(error.code, error.diagnostics);
    if (error instanceof DiagnosticError) return fail(EXIT.error, error.diagnostics);
    if (error instanceof VendorError) {
      return fail(EXIT.error, [{ severity: 'error', code: 'vendor', summary: error.message }]);
    }
    throw error;
  }
}

function commandLine(terminal: Terminal, act: (run: () => Promise<number>) => Promise<void>): Command {
  const program = new Command('llmform')
    .description("Plan and apply for LLM configurations that live behind vendors' HTTP APIs.")
    .version(version, '-V, --version')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: () => undefined })
    .addHelpText('after', EXAMPLES);
  if (terminal.width !== undefined) program.configureHelp({ helpWidth: terminal.width });

  const validate = program
    .command('validate')
    .description('check manifests offline: YAML, schema, references, names');
  addCommonFlags(validate, ['text', 'json', 'markdown', 'github']);
  validate.action((flags: CommonFlags) =>
    act(async () => (await import('./validate.js')).runValidate(finished(flags), terminal)),
  );

  const plan = program.command('plan').description('show what apply would change; cannot write');
  addPlanFlags(addCommonFlags(plan, ['text', 'json', 'markdown']))
    .option('-o, --out <file>', 'write the plan as JSON to a file as well')
    .option('--detailed-exitcode', 'exit with 2 when there are changes', false)
    .action((flags: PlanFlags) =>
      act(async () => (await import('./plan.js')).runPlan(finished(flags), terminal)),
    );

  const apply = program
    .command('apply')
    .description('plan, ask, write, read back, report')
    .argument('[file]', 'a plan saved with plan -o; its options are taken over');
  addPlanFlags(addCommonFlags(apply, ['text', 'json', 'markdown']))
    .option('-y, --auto-approve', 'do not ask', false)
    .option('--fingerprint <hash>', 'apply only the plan that has this fingerprint', fingerprint)
    .option('--max-delete <n>', 'deletions and replacements this apply may make', count)
    .option('--max-delete-percent <n>', 'share of our objects of one kind that may be deleted', count)
    .option('--max-update-percent <n>', 'share of our objects of one kind that may be changed', count)
    .action((file: string | undefined, flags: ApplyFlags) =>
      act(async () => (await import('./apply.js')).runApply(file, finished(flags), terminal)),
    );

  program
    .command('emulate')
    .description("serve the bundled emulators of the vendors' APIs on loopback, for trying and testing")
    .argument('[vendor...]', 'which vendors; all when none is named')
    .option('-p, --port <n>', 'first port; the others follow (default: free ports)', count)
    .action((names: string[], flags: { port?: number }) =>
      act(async () => (await import('./emulate.js')).runEmulate(names, flags, terminal)),
    );

  program
    .command('demo')
    .description('the whole story in a few seconds, against the bundled emulators')
    .addOption(new Option('--keep', 'keep the demo project instead of removing it').default(false))
    .action((flags: { keep: boolean }) =>
      act(async () => (await import('./demo.js')).runDemo(flags, terminal)),
    );

  return program;
}

const EXAMPLES = `
Examples:
  llmform validate                     check every manifest
  llmform plan                         see what would change
  llmform plan -o plan.json            save the plan that gets reviewed
  llmform apply plan.json              apply exactly that plan
  llmform apply --prune --max-delete 1 delete what has no manifest any more

Exit codes: 0 done, 1 error, 2 changes (plan --detailed-exitcode), 3 partly applied, 4 refused, 130 interrupted.
`;

function finished<T extends CommonFlags>(flags: T & { logLevel?: string }): T {
  const { logLevel, ...others } = flags;
  const quiet = flags.quiet || logLevel === 'error';
  return { ...(others as unknown as T), quiet, verbose: logLevel === 'debug' };
}

function fingerprint(text: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError(
      'It looks like sha256:… with 64 hexadecimal digits; llmform plan prints it.',
    );
  }
  return text;
}

/** What the user said, before it is known whether it makes sense. */
function formatIn(argv: readonly string[]): Format {
  const json = argv.some((word, i) => {
    if (word === '--format=json' || word === '-fjson') return true;
    return word === 'json' && ['--format', '-f'].includes(argv[i - 1] ?? '');
  });
  return json ? 'json' : 'text';
}

function usage(error: CommanderError): Diagnostic {
  const [summary = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const detail = [...hints, 'See llmform --help.'].join(' ').replace(/[()]/g, '').trim();
  return { severity: 'error', code: 'usage', summary, detail };
}
