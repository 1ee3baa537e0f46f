import { DiagnosticError, hasErrors } from '../../model/diagnostic.js';
import { ExitError } from '../../model/exit-error.js';
import { countChanges, hasChanges } from '../../model/plan.js';
import { findPlanErrors } from '../../usecases/check-plan.js';
import { type PlanResult, planWorkspace } from '../../usecases/plan-workspace.js';
import { applyDecision, PlanChangedError } from './apply-decision.js';
import { classifyDiagnostics, classifyError, classifyOutcomes } from './classify-error.js';
import { trackConnections } from './connections.js';
import { type Decision, decide } from './decide.js';
import {
  findHealed,
  findingsOfPlan,
  findingsWithoutPlan,
  type RunFindings,
  remainingPlan,
  withFailure,
} from './run-findings.js';
import type { Approval, RunRequest } from './run-request.js';

/** Plans, decides, and does what may be done, as `apply` would. Never throws. */
export async function planAndApply(run: RunRequest): Promise<RunFindings> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const findings = await tryPlanAndApply(run).catch(nothingIfMoved);
      if (findings !== undefined) return findings;
    }
    const message = 'manifests, ledger or live objects kept changing while it was planned';
    return findingsWithoutPlan({ result: 'error', error: { code: 'stale', message } }, []);
  } catch (fault) {
    const diagnostics = fault instanceof DiagnosticError ? fault.diagnostics : [];
    const findings = findingsWithoutPlan(classifyError(fault), diagnostics);
    return fault instanceof ExitError && fault.exitCode === REFUSED
      ? { ...findings, refused: true }
      : findings;
  }
}

const ATTEMPTS = 3;
const REFUSED = 4;

function nothingIfMoved(fault: unknown): undefined {
  if (!(fault instanceof PlanChangedError)) throw fault;
}

/** Throws `PlanChangedError`, and what planning and applying throw. */
async function tryPlanAndApply(run: RunRequest): Promise<RunFindings> {
  const planned = await planOnly(run);
  const { plan, prepared, desiredState } = planned;
  const { unreadable, refused } = prepared.observation;
  const unplanned = [...refused, ...unreadable];
  if (unplanned.length > 0) {
    const findings = findingsWithoutPlan(classifyDiagnostics(unplanned), plan.diagnostics);
    return refused.length > 0 ? { ...findings, refused: true } : findings;
  }
  const approval = approvalOf(planned, run.approvals);
  const decision = decide(prepared, desiredState, { ...run.policy, approved: approval !== undefined });
  const used = approval === undefined ? {} : { used: approval.fingerprint };
  // Observing needs no secret but the credential.
  const wrong = decision.observed
    ? plan.diagnostics.filter(({ severity }) => severity === 'error')
    : findPlanErrors(prepared, desiredState);
  if (wrong.length > 0) return withFailure(findingsOfPlan(planned, decision), classifyDiagnostics(wrong));
  if (!decision.write) return { ...findingsOfPlan(planned, decision), ...used };
  return { ...(await applyAndPlanAgain(run, planned, decision, approval)), ...used };
}

function approvalOf(
  { plan, desiredState }: PlanResult,
  approvals: readonly Approval[],
): Approval | undefined {
  const spent = desiredState.ledger.spent ?? [];
  return approvals.find(
    ({ fingerprint, onlyOnce }) =>
      fingerprint === plan.fingerprint && !(onlyOnce && spent.includes(fingerprint)),
  );
}

/** Reads and plans with what cannot write. Given up at once when the run is to stop. */
async function planOnly({ workspace, effects, options, limit: { stop } }: RunRequest): Promise<PlanResult> {
  stop.throwIfAborted();
  const connections = trackConnections();
  const planning = planWorkspace(
    workspace,
    { ...effects, reader: connections.track(effects.reader) },
    options,
  );
  let giveUp = () => {};
  const stopped = new Promise<never>((_, reject) => {
    giveUp = () => {
      connections.cut();
      reject(stop.reason);
    };
    stop.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([planning, stopped]);
  } finally {
    stop.removeEventListener('abort', giveUp);
  }
}

/** Applies, and plans once more to see what is left. */
async function applyAndPlanAgain(
  run: RunRequest,
  before: PlanResult,
  decision: Decision,
  approval: Approval | undefined,
): Promise<RunFindings> {
  const known = new Set(Object.keys(before.desiredState.ledger.objects));
  const result = await applyDecision(run, before.plan, decision, approval?.fingerprint);
  const { report, prepared, later, interrupted } = result;
  const { applied, failed, stale } = report.summary;
  const left = await planAgain(run, applied + failed + stale > 0).catch(() => undefined);
  const now = left ?? {
    ...findingsOfPlan(before, decision),
    plan: remainingPlan(before.plan, report.outcomes),
  };
  const plan = now.plan ?? before.plan;
  const settled = applied > 0 ? 'success' : 'no_change';
  return {
    ...now,
    plan,
    run: {
      result: hasChanges(plan) ? 'drift' : settled,
      ...classifyOutcomes(report.outcomes),
      ...(hasErrors(later) && classifyDiagnostics(later.filter(({ severity }) => severity === 'error'))),
      ...(interrupted && classifyError(run.limit.stop.reason)),
      changes: countChanges(before.plan),
      applied,
      failed: failed + stale,
    },
    diagnostics: [...now.diagnostics, ...later],
    healed: findHealed(prepared.steps, report.outcomes, known),
  };
}

async function planAgain(run: RunRequest, wrote: boolean): Promise<RunFindings | undefined> {
  if (!wrote) return undefined;
  const planned = await planOnly(run);
  const { unreadable, refused } = planned.prepared.observation;
  if (unreadable.length + refused.length > 0) return undefined;
  const decision = decide(planned.prepared, planned.desiredState, { ...run.policy, approved: false });
  return findingsOfPlan(planned, decision);
}
