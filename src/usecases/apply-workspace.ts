import { apply } from '../apply/apply.js';
import { emptyLedger, type LedgerLock } from '../ledger/index.js';
import type { Address } from '../model/address.js';
import type { HeldBack } from '../model/blocked.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { ApplyReport, Outcome } from '../model/outcome.js';
import type { Client, DesiredState } from '../model/ports.js';
import { systemClock } from '../platform/process/clock.js';
import { closeAll, countReads, countWrites, type PreparedPlan, prepare } from '../prepare/prepare.js';
import { applyLog } from '../report/index.js';
import { keepingRetired, withHeld } from './hold-back.js';
import type { Workspace } from './load-workspace.js';
import { maskPlan } from './mask-plan.js';
import type { Effects } from './open-effects.js';
import { toPlanOptions } from './plan-workspace.js';
import type { RunOptions } from './run-context.js';
import { findSpelledOutSecrets } from './spelled-out-secrets.js';

export interface ApplyRequest {
  workspace: Workspace;
  effects: Pick<Effects, 'ledger' | 'ports' | 'client' | 'secrets'>;
  options: RunOptions;
  /** Sees the plan before the first write, and throws to refuse it. */
  approve(prepared: PreparedPlan, desiredState: DesiredState): Promise<void> | void;
  /** Id of the saved plan that is carried out; it runs only once. */
  savedPlan?: string | undefined;
  /** Changes to be left alone this time, and why. */
  held?: ReadonlyMap<Address, HeldBack>;
  /** Nothing is to be removed: not even the earlier version of what gets a new one. */
  keepsRetired?: boolean;
  /** When it fires, requests in flight are finished and recorded, and nothing new is started. */
  signal: AbortSignal;
  onOutcome?: (outcome: Outcome, done: number, total: number) => void;
  /** Is told what came of it while the ledger is still locked. */
  onReport?: (result: ApplyResult) => void;
  /** What remains to be said after the ledger was given back, also when the run fails. */
  onWarnings?: (warnings: Diagnostic[]) => void;
}

export interface ApplyResult {
  report: ApplyReport;
  prepared: PreparedPlan;
  /** Of the report's diagnostics those that the plan did not have yet. */
  later: readonly Diagnostic[];
  /** Everything was applied and kept, and every target could be read. */
  whole: boolean;
  interrupted: boolean;
}

/** Locks the ledger, plans, has the plan approved, writes, reads back and records. Throws what `approve` throws. */
export async function applyWorkspace(request: ApplyRequest): Promise<ApplyResult> {
  const { workspace, effects, options } = request;
  const lock = await effects.ledger.lock();
  let log: string | undefined;
  try {
    const ledger = (await effects.ledger.read()) ?? emptyLedger(workspace.project.name);
    const desiredState = { ...workspace, ledger };
    const literals = await findSpelledOutSecrets(desiredState, effects.secrets);
    const prepared = await prepare(desiredState, effects.ports, toPlanOptions(options), effects.client);
    prepared.plan.diagnostics.unshift(...workspace.diagnostics, ...literals);
    try {
      const plan = maskPlan(prepared.plan, desiredState, effects.secrets);
      await request.approve({ ...prepared, plan }, desiredState);
      const { savedPlan, held = new Map(), keepsRetired = false } = request;
      if (savedPlan !== undefined) ledger.spent = [...(ledger.spent ?? []), savedPlan].slice(-1000);
      const open = withHeld(prepared.steps, held);
      const steps = keepsRetired ? open.map(keepingRetired) : open;
      const result = await applyPrepared(request, { ...prepared, steps }, ledger, lock);
      log = applyLog(result.report, result.interrupted);
      request.onReport?.(result);
      return result;
    } finally {
      await closeAll(prepared.observation);
    }
  } finally {
    const warnings = await lock.release(log);
    request.onWarnings?.(warnings);
  }
}

async function applyPrepared(
  { signal, onOutcome }: ApplyRequest,
  prepared: PreparedPlan<Client>,
  ledger: Ledger,
  lock: LedgerLock,
): Promise<ApplyResult> {
  const { outcomes, diagnostics } = await apply({
    prepared,
    ledger,
    save: () => lock.save(ledger),
    options: prepared.plan.options,
    signal,
    sleep: systemClock.sleep,
    onOutcome: onOutcome ?? (() => undefined),
  });
  const report = toApplyReport(prepared, outcomes, diagnostics);
  const readable = prepared.observation.unreadable.length === 0 && diagnostics.length === 0;
  return {
    report,
    prepared,
    later: diagnostics,
    whole: isWhole(outcomes) && readable,
    interrupted: signal.aborted,
  };
}

function isWhole(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ status, notPersisted }) => status === 'applied' && notPersisted === undefined);
}

function toApplyReport(
  { plan, observation }: PreparedPlan,
  outcomes: Outcome[],
  later: readonly Diagnostic[],
): ApplyReport {
  const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
  for (const { status } of outcomes) summary[status] += 1;
  return {
    formatVersion: '1',
    fingerprint: plan.fingerprint,
    summary,
    requests: { read: countReads(observation), write: countWrites(observation) },
    outcomes,
    diagnostics: [...plan.diagnostics, ...later],
  };
}
