import type { Terminal } from '../io/terminal.js';
import { emptyLedger, type LedgerLock } from '../ledger/index.js';
import type { Ledger } from '../model/ledger.js';
import type { ApplyReport, Outcome } from '../model/outcome.js';
import { apply } from '../reconcile/apply.js';
import { closeAll, type Prospect, prepare, readsOf, writesSent } from '../reconcile/reconcile.js';
import type { Client } from '../reconcile/world.js';
import { applyJson, applyLog, applyMarkdown, applyText } from '../report/index.js';
import { demandConsent } from './consent.js';
import { type ApplyFlags, planOptions } from './flags.js';
import { loadSoundWorkspace } from './load.js';
import { EXIT, printDiagnostics, textOptions, worthSaying } from './output.js';
import { openProgress } from './progress.js';
import { requireSameProject, takeOver } from './saved-plan.js';
import { openEffects } from './world.js';

/** `llmform apply [FILE]`: plans, asks, writes, reads back, reports. */
export async function runApply(
  file: string | undefined,
  given: ApplyFlags,
  terminal: Terminal,
): Promise<number> {
  const { flags, saved } = await takeOver(file, given, terminal.cwd);
  const workspace = await loadSoundWorkspace(flags, terminal);
  requireSameProject(saved, workspace.project);
  const effects = openEffects(workspace.project, terminal);
  const lock = await effects.ledger.lock();
  let outcome: string | undefined;
  try {
    const ledger = (await effects.ledger.read()) ?? emptyLedger(workspace.project.name);
    const intention = { ...workspace, ledger };
    const prospect = await prepare(intention, effects.world, planOptions(flags), effects.client);
    prospect.plan.diagnostics.unshift(...workspace.diagnostics);
    try {
      await demandConsent({ prospect, intention, flags, saved, terminal });
      if (saved !== undefined) ledger.spent = [...(ledger.spent ?? []), saved.id].slice(-1000);
      const { code, report } = await carryOut(prospect, ledger, lock, flags, terminal);
      outcome = effects.secrets.mask(applyLog(report, code === EXIT.interrupted));
      return code;
    } finally {
      await closeAll(prospect.observation);
    }
  } finally {
    printDiagnostics(terminal, flags, worthSaying(await lock.release(outcome), flags));
  }
}

async function carryOut(
  prospect: Prospect<Client>,
  ledger: Ledger,
  lock: LedgerLock,
  flags: ApplyFlags,
  terminal: Terminal,
): Promise<{ code: number; report: ApplyReport }> {
  const stop = new AbortController();
  const progress = openProgress(terminal, flags);
  const ignore = terminal.onInterrupt(() => {
    progress.say('interrupted: finishing the requests in flight; press Ctrl-C again to leave at once');
    stop.abort();
  });
  try {
    const { outcomes, diagnostics } = await apply({
      prospect,
      ledger,
      save: () => lock.save(ledger),
      options: prospect.plan.options,
      signal: stop.signal,
      onOutcome: progress.outcome,
    });
    progress.end();
    const report = asReport(prospect, outcomes);
    report.diagnostics.push(...diagnostics);
    print(report, prospect, flags, terminal);
    if (stop.signal.aborted) return { code: EXIT.interrupted, report };
    const readable = prospect.observation.unreadable.length === 0 && diagnostics.length === 0;
    return { code: isWhole(outcomes) && readable ? EXIT.done : EXIT.partial, report };
  } finally {
    progress.end();
    ignore();
  }
}

function isWhole(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ status, notPersisted }) => status === 'applied' && notPersisted === undefined);
}

function asReport({ plan, observation }: Prospect, outcomes: Outcome[]): ApplyReport {
  const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
  for (const { status } of outcomes) summary[status] += 1;
  return {
    formatVersion: '1',
    fingerprint: plan.fingerprint,
    summary,
    requests: { read: readsOf(observation), write: writesSent(observation) },
    outcomes,
    diagnostics: [...plan.diagnostics],
  };
}

function print(report: ApplyReport, { plan }: Prospect, flags: ApplyFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(applyJson(report));
  else if (flags.format === 'markdown') terminal.out(applyMarkdown(report));
  else {
    // The plan's own findings stand above it already.
    const later = report.diagnostics.filter((d) => !plan.diagnostics.includes(d));
    printDiagnostics(terminal, flags, worthSaying(later, flags));
    terminal.out(applyText({ ...report, diagnostics: later }, textOptions(terminal, flags)));
  }
}
