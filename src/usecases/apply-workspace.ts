import { randomUUID } from 'node:crypto';
import { apply } from '../apply/apply.js';
import type { RunStamp } from '../apply/session.js';
import type { Address } from '../model/address.js';
import type { HeldBack } from '../model/blocked.js';
import type { DesiredState } from '../model/desired-state.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { ApplyReport, Outcome } from '../model/outcome.js';
import type { ShownPlan } from '../model/plan.js';
import type { Client, LedgerLock } from '../model/ports.js';
import type { Step } from '../plan/step.js';
import { findUnreturned } from '../plan/unreturned.js';
import { closeAll, countReads, countWrites, type PreparedPlan, prepare } from '../prepare/prepare.js';
import { applyLog } from '../report/index.js';
import { carryOutStatements } from './carry-out-statements.js';
import { keepingRetired, withHeld } from './hold-back.js';
import { requireSeen, requireTargets, type Workspace } from './load-workspace.js';
import { maskPlan } from './mask-plan.js';
import type { Effects } from './open-effects.js';
import { toPlanOptions } from './plan-workspace.js';
import { readLedger } from './read-ledger.js';
import {
  createHistoryRecorder,
  describeRun,
  type HistoryRecorder,
  type RunOrigin,
} from './record-history.js';
import type { RunOptions } from './run-context.js';
import { findSpelledOutSecrets } from './spelled-out-secrets.js';

/** A prepared plan whose plan may be shown. */
export type ShownPreparedPlan = PreparedPlan & { plan: ShownPlan };

export interface ApplyRequest {
  workspace: Workspace;
  effects: Omit<Effects, 'reader'>;
  options: RunOptions;
  /** The door that asks for it; without it, nothing is told to the history. */
  origin?: RunOrigin;
  /** Sees the plan before the first write, and throws to refuse it. */
  approve(prepared: ShownPreparedPlan, desiredState: DesiredState): Promise<void> | void;
  /** Id of the saved plan that is carried out; it runs only once. */
  savedPlan?: string | undefined;
  /** Changes to be left alone this time, and why. */
  held?: ReadonlyMap<Address, HeldBack>;
  /** Nothing is to be removed: not even the earlier version of what gets a new one. */
  keepsRetired?: boolean;
  /** When it fires, requests in flight are finished and recorded, and nothing new is started. */
  signal: AbortSignal;
  /** When it fires before the plan is approved, its reason is thrown, and the ledger is given back at once. */
  leave?: AbortSignal;
  onOutcome?: (outcome: Outcome, done: number, total: number) => void;
  /** Is told what came of it while the ledger is still locked. */
  onReport?: (result: ApplyResult) => void;
  /** Receives the warnings that remain after the ledger was released, also when the run fails. */
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
  requireTargets(workspace.project, options.rebind);
  const findings = requireSeen(workspace, options);
  const lock = await effects.ledger.lock();
  let log: string | undefined;
  let used: Ledger | undefined;
  try {
    const { project, targets, manifests } = workspace;
    const opened = await readLedger(effects, workspace, { selected: options.target, use: 'apply' });
    const { stored: ledger, statements, diagnostics } = opened;
    used = ledger;
    const desiredState: DesiredState = {
      ...{ project, targets, manifests, ledger: opened.ledger },
      ...(statements && { statements }),
    };
    const literals = await findSpelledOutSecrets(desiredState, effects.secrets);
    const planning = prepare(desiredState, effects, toPlanOptions(options, workspace), effects.client);
    const prepared = await unlessAborted(planning, request.leave);
    prepared.plan.diagnostics.unshift(...findings, ...diagnostics, ...literals, ...findUnreturned(prepared));
    try {
      const { refused } = prepared.observation;
      if (refused.length > 0) throw createRefusal(...refused);
      const plan = maskPlan(prepared.plan, desiredState, effects.secrets);
      const approving = Promise.resolve(request.approve({ ...prepared, plan }, desiredState));
      await unlessAborted(approving, request.leave);
      const { savedPlan, held = new Map(), keepsRetired = false } = request;
      const stated = { selected: options.target, prepared, statements, held };
      const changed = carryOutStatements(ledger, workspace, stated);
      if (savedPlan !== undefined) ledger.spent = [...(ledger.spent ?? []), savedPlan].slice(-1000);
      const open = withHeld(prepared.steps, held);
      const steps = keepsRetired ? open.map(keepingRetired) : open;
      const run = { id: randomUUID(), now: () => new Date(effects.clock.date()).toISOString() };
      const history = await openHistory(request, run.id, steps, plan, lock);
      const result = await applyPrepared(
        request,
        { ...prepared, steps },
        { ledger, changed, lock, run, history },
      );
      history?.ended(result.report.outcomes);
      log = applyLog(result.report, result.interrupted);
      request.onReport?.(result);
      return result;
    } finally {
      await closeAll(prepared.observation);
    }
  } finally {
    const warnings = await lock.release(log);
    const serial = lock.savedSerial?.();
    if (used !== undefined && serial !== undefined) await effects.custody?.remember({ ...used, serial });
    request.onWarnings?.(warnings);
  }
}

/** Resolves as `work` does, unless the signal fires first: then it rejects at once and the work is left to itself. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave);
  });
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** The history of a run that has something to write. */
async function openHistory(
  { origin, workspace }: ApplyRequest,
  runId: string,
  steps: readonly Step[],
  plan: ShownPlan,
  lock: LedgerLock,
): Promise<HistoryRecorder | undefined> {
  if (origin === undefined || steps.every(({ action }) => action === 'orphan')) return undefined;
  const commit = workspace.at ?? origin.commit;
  const run = await describeRun(runId, { ...origin, commit }, workspace.project);
  return createHistoryRecorder(lock, run, plan);
}

/** Where an apply records what it does. */
interface Recording {
  ledger: Ledger;
  /** Statements have changed it. */
  changed: boolean;
  lock: LedgerLock;
  run: RunStamp;
  history: HistoryRecorder | undefined;
}

async function applyPrepared(
  { effects, signal, onOutcome }: ApplyRequest,
  prepared: PreparedPlan<Client>,
  { ledger, changed, lock, run, history }: Recording,
): Promise<ApplyResult> {
  const { outcomes, diagnostics } = await apply({
    prepared,
    ledger,
    changed,
    save: (when) => lock.save(ledger, when),
    signal,
    clock: effects.clock,
    onWait: effects.onWait,
    onOutcome: onOutcome ?? (() => undefined),
    ...(history && { onWritten: history.written }),
    run,
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
