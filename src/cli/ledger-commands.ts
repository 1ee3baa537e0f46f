import { type Command, Option } from 'commander';
import type { Terminal } from '../platform/process/terminal.js';
import { type Act, addAllowFlags, addCommonFlags } from './flags.js';
import { type LedgerFlags, type MigrateFlags, parseLedgerSource, type UnlockFlags } from './ledger-flags.js';

export function addLedger(program: Command, terminal: Terminal, act: Act): void {
  const ledger = program
    .command('ledger')
    .summary('see, check and move what is remembered between runs')
    .description(
      'Shows and checks the ledger: the ids that llmform remembers between runs, and what it applied last. ' +
        'None of these commands changes anything at a vendor.',
    )
    .usage('<command> [options]')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false);
  addList(ledger, terminal, act);
  addShow(ledger, terminal, act);
  addVerify(ledger, terminal, act);
  addUnlock(ledger, terminal, act);
  addMigrate(ledger, terminal, act);
}

function addList(ledger: Command, terminal: Terminal, act: Act): void {
  const command = ledger
    .command('list')
    .summary('list the objects that are remembered')
    .description(
      'Lists the objects that the ledger remembers: address, id, vendor, and when and by which run it was written.',
    );
  addFlags(command, terminal).action((flags: LedgerFlags) =>
    act(async () => (await import('./ledger.js')).runLedgerList(flags, terminal)),
  );
}

function addShow(ledger: Command, terminal: Terminal, act: Act): void {
  const command = ledger
    .command('show')
    .summary('show one entry in full')
    .description(
      'Shows what the ledger remembers of one object. Long values and secrets are kept as digests only.',
    )
    .argument('<address>', 'address of the object, as llmform ledger list has it')
    .addHelpText('after', '\nExamples:\n  llmform ledger show anam-prod/LLM/support\n');
  addFlags(command, terminal).action((address: string, flags: LedgerFlags) =>
    act(async () => (await import('./ledger.js')).runLedgerShow(address, flags, terminal)),
  );
}

function addVerify(ledger: Command, terminal: Terminal, act: Act): void {
  const command = ledger
    .command('verify')
    .summary('check every entry against live state; writes nothing')
    .description(
      'Reads what the vendors have and checks each entry of the ledger: its object is there, and has the mark of its ' +
        'address where the vendor has room for one. Ends with 1 when something is wrong.',
    );
  addFlags(command, terminal).action((flags: LedgerFlags) =>
    act(async () => (await import('./ledger.js')).runLedgerVerify(flags, terminal)),
  );
}

function addUnlock(ledger: Command, terminal: Terminal, act: Act): void {
  const command = ledger
    .command('unlock')
    .summary('remove a lock that was left behind')
    .description(
      'Shows who holds the lock on the ledger, asks, and removes it. Only do so when that run is gone for good: two ' +
        'applies at once make objects twice. The lock of a process that runs on this machine stays.',
    )
    .option('-y, --auto-approve', 'do not ask; for scripts', false);
  addFlags(command, terminal).action((flags: UnlockFlags) =>
    act(async () => (await import('./ledger-unlock.js')).runLedgerUnlock(flags, terminal)),
  );
}

function addMigrate(ledger: Command, terminal: Terminal, act: Act): void {
  const command = ledger
    .command('migrate')
    .summary('carry the ledger over to another place, or sign it')
    .description(
      'Carries the ledger at --from over to the place that the project file names, and leaves the old one marked as ' +
        'moved, so that no run goes on with it. Without --from it writes the one in place anew, to sign it or to ' +
        'take it for the newest.',
    )
    .addOption(
      new Option(
        '--from <place>',
        'file[:PATH] or git[:REF] (default of PATH and REF: what this clone used last)',
      ).argParser(parseLedgerSource),
    )
    .option('--sign', 'sign it with ledger.key of the project file, in place of any signature', false)
    .option('--unsign', 'write it without a signature; the project file names no key any more', false)
    .option('--accept-older', 'take it for the newest, although this clone has seen a newer one', false)
    .option('-y, --auto-approve', 'do not ask; for scripts', false)
    .addHelpText(
      'after',
      `
Examples:
  llmform ledger migrate --from file          after the project file names a git ledger
  llmform ledger migrate --from git:refs/llmform/old
  llmform ledger migrate --sign               after the project file names a key
`,
    );
  addFlags(command, terminal).action((flags: MigrateFlags) =>
    act(async () => (await import('./ledger-migrate.js')).runLedgerMigrate(flags, terminal)),
  );
}

function addFlags(command: Command, terminal: Terminal): Command {
  return addCommonFlags(addAllowFlags(command, terminal), ['text', 'json']);
}
