import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { History, HistoryEntry } from '../model/history.js';
import { didYouMean } from '../model/suggest.js';
import { printable } from '../model/text.js';
import type { Terminal } from '../platform/process/terminal.js';
import { historyJson, historyText } from '../report/index.js';
import { loadProject } from '../usecases/load-workspace.js';
import { openLedger } from '../usecases/open-effects.js';
import { describeLedgerPlace } from '../usecases/read-ledger.js';
import type { CommonFlags } from './flags.js';
import { EXIT, printDiagnostics, textOptions, visibleDiagnostics } from './output.js';

export interface HistoryFlags extends CommonFlags {
  /** The number of entries to show; 0 for all. */
  limit: number;
}

/** `llmform history [ADDRESS]`: reads the ledger's history. No credential and no vendor is needed. */
export async function runHistory(
  address: string | undefined,
  flags: HistoryFlags,
  terminal: Terminal,
): Promise<number> {
  const project = await loadProject(terminal.cwd, flags.config);
  const store = openLedger(project, { env: terminal.env, clean: undefined });
  const { entries, damaged } = (await store.history?.()) ?? NOTHING;
  const found = entries.filter((entry) => isAsked(entry, address, flags.target));
  const shown = flags.limit === 0 ? found : found.slice(0, flags.limit);
  const findings = damaged.map(damagedPlace);
  printDiagnostics(terminal, flags, visibleDiagnostics(findings, flags));
  if (flags.format === 'json') terminal.out(historyJson({ entries: shown }));
  else {
    terminal.out(historyText({ entries: shown }, textOptions(terminal, flags)));
    if (shown.length === 0) terminal.err(`${explainNothing(address, entries)}\n`);
    const left = found.length - shown.length;
    if (left > 0) terminal.err(`${left} older changes are not shown: --limit 0 shows all.\n`);
  }
  return EXIT.done;

  function damagedPlace(place: string): Diagnostic {
    const summary = `a part of the history cannot be read: ${place}`;
    return warning('ledger', summary, {
      detail: `It belongs to the ledger ${describeLedgerPlace(project)}.`,
    });
  }
}

const NOTHING: History = { entries: [], damaged: [] };

/** An address names one object; a target, or a target and a kind, all of theirs. */
function isAsked({ address }: HistoryEntry, asked: string | undefined, targets: readonly string[]): boolean {
  if (targets.length > 0 && !targets.some((target) => address.startsWith(`${target}/`))) return false;
  return asked === undefined || address === asked || address.startsWith(`${asked}/`);
}

function explainNothing(address: string | undefined, entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'The history is empty: it begins with the next apply.';
  if (address === undefined) return 'The history has nothing of these targets.';
  const known = [...new Set(entries.map((entry) => entry.address))];
  return printable(`The history has nothing of ${address}. ${didYouMean(address, known)}`.trim());
}
