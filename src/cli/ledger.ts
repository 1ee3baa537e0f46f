import { parseAddress } from '../model/address.js';
import { asWarning, DiagnosticError, error, hasErrors } from '../model/diagnostic.js';
import { didYouMean } from '../model/suggest.js';
import { withWaysOut } from '../model/ways-out.js';
import type { Terminal } from '../platform/process/terminal.js';
import { checkJson, checkText, entryJson, entryText, ledgerJson, ledgerText } from '../report/index.js';
import { describeLedgerPlace } from '../usecases/ledger-place.js';
import { loadAllowedProject } from '../usecases/load-workspace.js';
import { openEffects } from '../usecases/open-effects.js';
import { inspectLedger } from '../usecases/read-ledger.js';
import { verifyLedger } from '../usecases/verify-ledger.js';
import type { LedgerFlags } from './ledger-flags.js';
import { EXIT, printDiagnostics, visibleDiagnostics } from './output.js';
import { createProgress } from './progress.js';
import { flagFor } from './ways-out.js';

/** `llmform ledger list`: what is remembered, by address. Contacts no vendor. */
export async function runLedgerList(flags: LedgerFlags, terminal: Terminal): Promise<number> {
  const { project, ledger, diagnostics } = await look(flags, terminal);
  const addresses = Object.keys(ledger.objects)
    .filter((address) => flags.target.length === 0 || flags.target.includes(parseAddress(address).target))
    .sort();
  const shown = { place: describeLedgerPlace(project), ledger, addresses, diagnostics };
  if (flags.format === 'json') terminal.out(ledgerJson(shown));
  else {
    printDiagnostics(terminal, flags, visibleDiagnostics(diagnostics, flags));
    terminal.out(ledgerText(shown));
  }
  return EXIT.done;
}

/** `llmform ledger show ADDRESS`. */
export async function runLedgerShow(
  address: string,
  flags: LedgerFlags,
  terminal: Terminal,
): Promise<number> {
  const { project, ledger, diagnostics } = await look(flags, terminal);
  const entry = Object.hasOwn(ledger.objects, address) ? ledger.objects[address] : undefined;
  if (entry === undefined) {
    throw new DiagnosticError(
      error('unknown', `the ledger remembers no object ${JSON.stringify(address)}`, {
        detail: `${didYouMean(address, Object.keys(ledger.objects))}\`llmform ledger list\` has all addresses.`,
        file: project.file,
      }),
    );
  }
  if (flags.format === 'json') terminal.out(entryJson(address, entry, diagnostics));
  else {
    printDiagnostics(terminal, flags, visibleDiagnostics(diagnostics, flags));
    terminal.out(entryText(address, entry));
  }
  return EXIT.done;
}

/** `llmform ledger verify`: reads live state, and ends with 1 where an entry is not as the vendor has it. */
export async function runLedgerVerify(flags: LedgerFlags, terminal: Terminal): Promise<number> {
  const { project, targets } = await loadAllowedProject(flags, terminal);
  const progress = createProgress(terminal, flags);
  const effects = openEffects(project, terminal, { onWait: progress.wait });
  const { ledger, diagnostics: judged } = await inspectLedger(effects, project);
  const desiredState = { project, targets, manifests: [], ledger };
  const { entries, diagnostics: unread } = await verifyLedger(desiredState, effects).finally(progress.end);
  const diagnostics = withWaysOut([...judged, ...unread], flagFor);
  const shown = { place: describeLedgerPlace(project), entries, diagnostics };
  if (flags.format === 'json') terminal.out(checkJson(shown));
  else {
    printDiagnostics(terminal, flags, visibleDiagnostics(diagnostics, flags));
    terminal.out(checkText(shown));
  }
  const whole = entries.every(({ verdict }) => verdict === 'ok') && !hasErrors(diagnostics);
  return whole ? EXIT.done : EXIT.error;
}

/** The ledger as it is kept: what a run would refuse it for is a warning to those who look at it. */
async function look(flags: LedgerFlags, terminal: Terminal) {
  const { project } = await loadAllowedProject(flags, terminal);
  const { ledger, diagnostics } = await inspectLedger(openEffects(project, terminal), project);
  return { project, ledger, diagnostics: diagnostics.map(asWarning) };
}
