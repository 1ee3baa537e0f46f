import type { Terminal } from '../io/terminal.js';
import { emptyLedger, type LedgerLock } from '../ledger/index.js';
import { type Diagnostic, DiagnosticError, hasErrors } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { ApplyReport, Outcome } from '../model/outcome.js';
import { refusals } from '../plan/guards.js';
import { apply } from '../reconcile/apply.js';
import { closeAll, type Prospect, prepare, readsOf, writesSent } from '../reconcile/reconcile.js';
import type { Client } from '../reconcile/world.js';
import { applyJson, applyMarkdown, applyText, planText } from '../report/index.js';
import { type ApplyFlags, planOptions } from './flags.js';
import { loadWorkspace, type Workspace } from './load.js';
import { EXIT, Exit, printDiagnostics, textOptions, worthSaying } from './output.js';
import { openProgress } from './progress.js';
import { readSavedPlan } from './saved-plan.js';
import { openEffects } from './world.js';

/** `llmform apply [FILE]`: plans, asks, writes, reads back, reports. */
export async function runApply(
  file: string | undefined,
  given: ApplyFlags,
  terminal: Terminal,
): Promise<number> {
  const saved = file === undefined ? undefined : await readSavedPlan(terminal.cwd, file);
  const flags = saved === undefined ? given : { ...given, ...saved.options, target: saved.options.targets };
  const workspace = await loadWorkspace(terminal.cwd, flags.config, flags.target);
  if (hasErrors(workspace.diagnostics)) throw new DiagnosticError(...workspace.diagnostics);
  const effects = openEffects(workspace.project, terminal);
  const lock = await effects.ledger.lock();
  try {
    const ledger = (await effects.ledger.read()) ?? emptyLedger(workspace.project.name);
    const prospect = await prepare(
      { ...workspace, ledger },
      effects.world,
      planOptions(flags),
      effects.client,
    );
    prospect.plan.diagnostics.unshift(...workspace.diagnostics);
    try {
      showPlan(prospect, workspace, flags, terminal);
      refuse(prospect, workspace, flags, flags.fingerprint ?? saved?.fingerprint);
      await approve(prospect, flags, terminal);
      return await carryOut(prospect, ledger, lock, flags, terminal);
    } finally {
      await closeAll(prospect.observation);
    }
  } finally {
    await lock.release();
  }
}

function showPlan(prospect: Prospect, { project }: Workspace, flags: ApplyFlags, terminal: Terminal): void {
  const options = textOptions(terminal, flags);
  if (flags.format === 'text') {
    printDiagnostics(terminal, options, worthSaying(prospect.plan.diagnostics, flags.quiet));
    if (!flags.quiet) terminal.out(`${planText(prospect.plan, project.targets, options)}\n`);
  } else if (!flags.quiet) {
    terminal.err(`${planText(prospect.plan, project.targets, { ...options, color: false })}\n`);
  }
}

/** Everything that has to be in order before the first write. */
function refuse(
  prospect: Prospect,
  { project }: Workspace,
  flags: ApplyFlags,
  reviewed: string | undefined,
): void {
  const { plan, steps, unchanged, observation, secrets } = prospect;
  const wrong = plan.diagnostics.filter((d) => d.severity === 'error' && !observation.unreadable.includes(d));
  if (wrong.length > 0) throw new Exit(EXIT.error, ...(flags.format === 'text' ? [] : wrong), NOTHING_SENT);
  if (observation.observed.length === 0 && observation.unreadable.length > 0) {
    throw new Exit(EXIT.error, ...(flags.format === 'text' ? [] : observation.unreadable), NOTHING_SENT);
  }
  if (reviewed !== undefined && reviewed !== plan.fingerprint) {
    throw new Exit(EXIT.refused, {
      severity: 'error',
      code: 'stale',
      summary:
        'the plan is not the one that was reviewed: manifests, ledger or live objects have changed since',
      detail: `Reviewed was ${reviewed}, and now it is ${plan.fingerprint}. Run llmform plan and review it again.`,
    });
  }
  const guarded = refusals(steps, unchanged, observation.observed, project.guards, flags);
  if (guarded.length > 0) throw new Exit(EXIT.refused, ...guarded);
  if (secrets.diagnostics.length > 0) throw new Exit(EXIT.error, ...secrets.diagnostics);
}

const NOTHING_SENT: Diagnostic = {
  severity: 'error',
  code: 'usage',
  summary: 'nothing was applied',
  detail: 'Correct the errors above first.',
};

async function approve({ plan }: Prospect, flags: ApplyFlags, terminal: Terminal): Promise<void> {
  if (flags.autoApprove || plan.requests.write + bindings(plan.changes) === 0) return;
  if (terminal.confirm === undefined) {
    throw new Exit(EXIT.refused, {
      severity: 'error',
      code: 'usage',
      summary: 'nobody is here to approve this plan',
      detail: 'Run apply on a terminal, or add --auto-approve.',
    });
  }
  if (await terminal.confirm('Apply these changes? Only "yes" will do: ')) return;
  throw new Exit(EXIT.refused, {
    severity: 'error',
    code: 'usage',
    summary: 'not approved: nothing was applied',
  });
}

/** Changes that apply acts on without sending anything: an adoption that only has to be remembered. */
function bindings(changes: Prospect['plan']['changes']): number {
  return changes.filter(({ action, blocked }) => action === 'adopt' && blocked === undefined).length;
}

async function carryOut(
  prospect: Prospect<Client>,
  ledger: Ledger,
  lock: LedgerLock,
  flags: ApplyFlags,
  terminal: Terminal,
): Promise<number> {
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
    const report = asReport(prospect, outcomes, diagnostics);
    print(report, prospect, flags, terminal);
    if (stop.signal.aborted) return EXIT.interrupted;
    const whole = outcomes.every(
      ({ status, notPersisted }) => status === 'applied' && notPersisted === undefined,
    );
    return whole && prospect.observation.unreadable.length === 0 ? EXIT.done : EXIT.partial;
  } finally {
    progress.end();
    ignore();
  }
}

function asReport(prospect: Prospect, outcomes: Outcome[], diagnostics: Diagnostic[]): ApplyReport {
  const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
  for (const { status } of outcomes) summary[status] += 1;
  return {
    formatVersion: '1',
    fingerprint: prospect.plan.fingerprint,
    summary,
    requests: { read: readsOf(prospect.observation), write: writesSent(prospect.observation) },
    outcomes,
    diagnostics: [...prospect.plan.diagnostics, ...diagnostics],
  };
}

function print(report: ApplyReport, prospect: Prospect, flags: ApplyFlags, terminal: Terminal): void {
  if (flags.format === 'json') terminal.out(applyJson(report));
  else if (flags.format === 'markdown') terminal.out(applyMarkdown(report));
  else {
    // The plan's own findings stand above it already.
    const later = report.diagnostics.filter((d) => !prospect.plan.diagnostics.includes(d));
    terminal.out(applyText({ ...report, diagnostics: later }, textOptions(terminal, flags)));
  }
}
