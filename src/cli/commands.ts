import type { Command } from 'commander';
import type { Terminal } from '../platform/process/terminal.js';
import {
  type Act,
  type ApplyFlags,
  addCommonFlags,
  addPlanFlags,
  allowFileOption,
  lockTimeoutOption,
  type Main,
  type PlanFlags,
  parseCount,
  parseFingerprint,
  parsePort,
  type ValidateFlags,
} from './flags.js';
import { addWatchFlags, type WatchFlags } from './watch-flags.js';

export function addValidate(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('validate')
    .summary('check manifests offline')
    .description(
      'Checks the project file and all manifests: YAML, schema, references, duplicate names. All mistakes are ' +
        'shown at once, each with its place. Needs no network, no credential and no secret.',
    )
    .addHelpText(
      'after',
      `
Examples:
  llmform validate
  llmform validate --format github    annotations in a pull request
  llmform validate --config prod/llmform.yaml
`,
    );
  command.addOption(allowFileOption(terminal));
  addCommonFlags(command, ['text', 'json', 'markdown', 'github']).action((flags: ValidateFlags) =>
    act(async () => (await import('./validate.js')).runValidate(flags, terminal)),
  );
}

export function addPlan(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('plan')
    .summary('show what apply would change; cannot write')
    .description(
      'Reads what the vendors have and shows what apply would change, down to the requests that it would ' +
        'send. A plan cannot write: its HTTP client refuses anything but reads.',
    )
    .option('-o, --out <file>', 'write the plan as JSON to a file as well, for apply FILE')
    .option('--detailed-exitcode', 'end with 2 when there are changes, 0 when there are none', false)
    .addHelpText(
      'after',
      `
Examples:
  llmform plan --target anam-prod     one account only
  llmform plan -o plan.json           save it; later: llmform apply plan.json
  llmform plan --detailed-exitcode    has anything drifted?
`,
    );
  addCommonFlags(addPlanFlags(command, terminal), ['text', 'json', 'markdown']).action((flags: PlanFlags) =>
    act(async () => (await import('./plan.js')).runPlan(flags, terminal)),
  );
}

export function addApply(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('apply')
    .summary('plan, ask, write, read back, report')
    .description(
      'Plans, shows the plan, asks, writes, and reads back what it wrote. What was applied is recorded in the ' +
        'ledger. With FILE it does what that saved plan says, and refuses if anything has moved since.',
    )
    .argument('[file]', 'a plan saved with plan -o; its --target, --prune, --adopt, --trust-secrets hold')
    .option('-y, --auto-approve', 'do not ask; for scripts', false)
    .option('--fingerprint <hash>', 'apply only the plan that has this fingerprint', parseFingerprint)
    .addOption(lockTimeoutOption())
    .addHelpText(
      'after',
      `
Examples:
  llmform apply                             on a terminal: asks first
  llmform apply plan.json --auto-approve    exactly the reviewed plan
  llmform apply --prune --max-delete 1      delete what has no manifest
`,
    );
  addPlanFlags(command, terminal)
    .optionsGroup('Guards, for this apply:')
    .option('--max-delete <n>', 'number of objects that may be deleted or replaced', parseCount)
    .option('--max-delete-percent <n>', 'percentage of objects of one kind that may be deleted', parseCount)
    .option('--max-update-percent <n>', 'percentage of objects of one kind that may be updated', parseCount)
    .option('--max-missing <n>', 'number of remembered objects that may be gone at the vendors', parseCount);
  addCommonFlags(command, ['text', 'json', 'markdown']).action(
    (file: string | undefined, flags: ApplyFlags) =>
      act(async () => (await import('./apply.js')).runApply(file, flags, terminal), 'writes'),
  );
}

export function addWatch(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('watch')
    .summary('notice drift, or heal it, continuously')
    .description(
      'Stays and reconciles every target on an interval and whenever the project changes. Unless it is told ' +
        'otherwise it only observes: it reports drift and never writes. Logs go to stderr as JSON lines. ' +
        'SIGHUP reads the project again; SIGTERM finishes the requests in flight, records them and leaves.',
    )
    .addHelpText(
      'after',
      `
Examples:
  llmform watch                           report drift every 10 minutes
  llmform watch --mode heal --interval 5m  put right what drifts
  llmform watch --once --mode apply       one run, for cron
  llmform watch --git https://example.com/llms.git --ref main
`,
    );
  addWatchFlags(command, terminal).action((flags: WatchFlags) =>
    act(async () => (await import('./watch.js')).runWatch(flags, terminal), 'writes'),
  );
}

export function addEmulate(program: Command, terminal: Terminal, act: Act): void {
  program
    .command('emulate')
    .summary('serve the bundled emulators, for trying and testing')
    .description(
      "Serves emulators of the vendors' APIs on this machine until it is interrupted. Each prints the address " +
        'to use as baseUrl and the credential that it accepts. They start empty and keep nothing.',
    )
    .argument('[vendor...]', 'which vendors (default: all of them)')
    .option('-p, --port <n>', 'port of the first; the others follow (default: any free ports)', parsePort)
    .addHelpText(
      'after',
      `
Examples:
  llmform emulate
  llmform emulate anam goodmem --port 9400
`,
    )
    .action((names: string[], flags: { port?: number }) =>
      act(async () => (await import('./emulate.js')).runEmulate(names, flags, terminal)),
    );
}

/** `main` runs a command line inside the demo: it is given, since it offers the demo itself. */
export function addDemo(program: Command, terminal: Terminal, act: Act, main: Main): void {
  program
    .command('demo')
    .summary('run the main workflow against emulated vendors')
    .description(
      'Starts the emulators, then validates, plans, applies, shows an empty second plan, changes an object ' +
        'as in a console, shows the drift, and heals it. Nothing leaves this machine.',
    )
    .option('--keep', 'keep the project of the demo, and say where it is', false)
    .action((flags: { keep: boolean }) =>
      act(async () => (await import('./demo.js')).runDemo(flags, terminal, main)),
    );
}
