import type { Command } from 'commander';
import type { Terminal } from '../platform/process/terminal.js';
import type { Act } from './flags.js';
import type { SuspendFlags } from './suspend.js';

export function addSuspend(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('suspend')
    .summary('pause a target of a running watch')
    .description(
      'Has a watch on this machine leave a target alone: no runs, no writes, no pruning, until it is resumed. ' +
        'A run that has begun finishes its requests in flight. plan and apply are not affected. To suspend it ' +
        'on all machines, set "suspend: true" on the target in the project file.',
    )
    .argument('<target>', 'name of the target')
    .option('--reason <text>', 'why, for the page and the log')
    .addHelpText(
      'after',
      `
Examples:
  llmform suspend anam-prod --reason "vendor migrates, INC-42"
  llmform suspend anam-prod --state-dir /var/lib/llmform
`,
    );
  addPlace(command).action((target: string, flags: SuspendFlags) =>
    act(async () => (await import('./suspend.js')).runSuspend(target, flags, terminal)),
  );
}

export function addResume(program: Command, terminal: Terminal, act: Act): void {
  const command = program
    .command('resume')
    .summary('continue a suspended target')
    .description('Ends what llmform suspend began. A running watch looks at the target at once.')
    .argument('<target>', 'name of the target')
    .addHelpText('after', '\nExamples:\n  llmform resume anam-prod\n');
  addPlace(command).action((target: string, flags: SuspendFlags) =>
    act(async () => (await import('./suspend.js')).runResume(target, flags, terminal)),
  );
}

function addPlace(command: Command): Command {
  return command
    .option('-c, --config <file>', 'project file (default: llmform.yaml)', 'llmform.yaml')
    .option('--state-dir <dir>', 'the one that watch was started with, if any')
    .option('--no-color', 'no colour; NO_COLOR and FORCE_COLOR are obeyed as well')
    .helpOption('-h, --help', 'show this help');
}
