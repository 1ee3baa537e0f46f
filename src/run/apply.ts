import { emptyLedger, type LedgerLock } from '../ledger/index.js';
import type { Address } from '../model/address.js';
import type { HeldBack } from '../model/blocked.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { ApplyReport, Outcome } from '../model/outcome.js';
import { apply } from '../reconcile/apply.js';
import { closeAll, type Prospect, prepare, readsOf, writesSent } from '../reconcile/reconcile.js';
import type { Client, Intention } from '../reconcile/world.js';
import { applyLog } from '../report/index.js';
import type { Effects } from './effects.js';
import { keepingOld, withHeld } from './hold-back.js';
import { maskedPlan } from './masked.js';
import { planOptions } from './plan.js';
import { spelledOut } from './spelled-out.js';
import type { RunOptions } from './surroundings.js';
import type { Workspace } from './workspace.js';

export interface ApplyRequest {
  workspace: Workspace;
  effects: Pick<Effects, 'ledger' | 'world' | 'client' | 'secrets'>;
  options: RunOptions;
  /** Sees the plan before the first write, and throws to refuse it. */
  approve(prospect: Prospect, intention: Intention): Promise<void> | void;
  /** Id of the saved plan that is carried out; it runs only once. */
  savedPlan?: string | undefined;
  /** Changes to be left alone this time, and why. */
  held?: ReadonlyMap<Address, HeldBack>;
  /** Nothing is to be removed: not even the earlier version of what gets a new one. */
  keepsOld?: boolean;
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
  prospect: Prospect;
  /** Of the report's diagnostics those that the plan did not have yet. */
  later: readonly Diagnostic[];
  /** Everything was applied and kept, and every target could be read. */
  whole: boolean;
  interrupted: boolean;
}

/** Locks the ledger, plans, has the plan approved, writes, reads back and records. Throws what `approve` throws. */
export async function applyRun(request: ApplyRequest): Promise<ApplyResult> {
  const { workspace, effects, options } = request;
  const lock = await effects.ledger.lock();
  let log: string | undefined;
  try {
    const ledger = (await effects.ledger.read()) ?? emptyLedger(workspace.project.name);
    const intention = { ...workspace, ledger };
    const literals = await spelledOut(intention, effects.secrets);
    const prospect = await prepare(intention, effects.world, planOptions(options), effects.client);
    prospect.plan.diagnostics.unshift(...workspace.diagnostics, ...literals);
    try {
      const plan = maskedPlan(prospect.plan, intention, effects.secrets);
      await request.approve({ ...prospect, plan }, intention);
      const { savedPlan, held = new Map(), keepsOld = false } = request;
      if (savedPlan !== undefined) ledger.spent = [...(ledger.spent ?? []), savedPlan].slice(-1000);
      const open = withHeld(prospect.steps, held);
      const steps = keepsOld ? open.map(keepingOld) : open;
      const result = await carryOut(request, { ...prospect, steps }, ledger, lock);
      log = applyLog(result.report, result.interrupted);
      request.onReport?.(result);
      return result;
    } finally {
      await closeAll(prospect.observation);
    }
  } finally {
    const warnings = await lock.release(log);
    request.onWarnings?.(warnings);
  }
}

async function carryOut(
  { signal, onOutcome }: ApplyRequest,
  prospect: Prospect<Client>,
  ledger: Ledger,
  lock: LedgerLock,
): Promise<ApplyResult> {
  const { outcomes, diagnostics } = await apply({
    prospect,
    ledger,
    save: () => lock.save(ledger),
    options: prospect.plan.options,
    signal,
    onOutcome: onOutcome ?? (() => undefined),
  });
  const report = asReport(prospect, outcomes, diagnostics);
  const readable = prospect.observation.unreadable.length === 0 && diagnostics.length === 0;
  return {
    report,
    prospect,
    later: diagnostics,
    whole: isWhole(outcomes) && readable,
    interrupted: signal.aborted,
  };
}

function isWhole(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ status, notPersisted }) => status === 'applied' && notPersisted === undefined);
}

function asReport(
  { plan, observation }: Prospect,
  outcomes: Outcome[],
  later: readonly Diagnostic[],
): ApplyReport {
  const summary = { applied: 0, failed: 0, stale: 0, skipped: 0 };
  for (const { status } of outcomes) summary[status] += 1;
  return {
    formatVersion: '1',
    fingerprint: plan.fingerprint,
    summary,
    requests: { read: readsOf(observation), write: writesSent(observation) },
    outcomes,
    diagnostics: [...plan.diagnostics, ...later],
  };
}
