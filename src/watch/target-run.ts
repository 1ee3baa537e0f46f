import { DiagnosticError } from '../model/diagnostic.js';
import { changesOf } from '../model/plan.js';
import { mistakes } from '../run/checks.js';
import { type PlanRun, planRun } from '../run/plan.js';
import { applyDecided, MovedError } from './apply-decided.js';
import { openConnections } from './connections.js';
import { type Decision, decide } from './decide.js';
import { type Findings, healedBy, leftAsPlanned, remaining, withoutPlan } from './findings.js';
import type { Approval, RunOrder } from './run-order.js';
import { ofFault, ofFindings, ofOutcomes } from './verdict.js';

/** Plans, decides, and does what may be done, as `apply` would. Never throws. */
export async function runTarget(run: RunOrder): Promise<Findings> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const findings = await attemptRun(run).catch(nothingIfMoved);
      if (findings !== undefined) return findings;
    }
    const message = 'manifests, ledger or live objects kept changing while it was planned';
    return withoutPlan({ result: 'error', error: { code: 'stale', message } }, []);
  } catch (fault) {
    const diagnostics = fault instanceof DiagnosticError ? fault.diagnostics : [];
    return withoutPlan(ofFault(fault), diagnostics);
  }
}

const ATTEMPTS = 3;

function nothingIfMoved(fault: unknown): undefined {
  if (!(fault instanceof MovedError)) throw fault;
}

/** Throws `MovedError`, and what planning and applying throw. */
async function attemptRun(run: RunOrder): Promise<Findings> {
  const planned = await planOnly(run);
  const { plan, prospect, intention } = planned;
  const { unreadable } = prospect.observation;
  if (unreadable.length > 0) return withoutPlan(ofFindings(unreadable), plan.diagnostics);
  const approval = approvalOf(planned, run.approvals);
  const decision = decide(prospect, intention, { ...run.circumstances, approved: approval !== undefined });
  const used = approval === undefined ? {} : { used: approval.fingerprint };
  // Whoever only looks needs no secret but the credential.
  const wrong = decision.observed
    ? plan.diagnostics.filter(({ severity }) => severity === 'error')
    : mistakes(prospect, intention);
  if (wrong.length > 0) return { ...leftAsPlanned(planned, decision), ...ofFindings(wrong) };
  if (!decision.write) return { ...leftAsPlanned(planned, decision), ...used };
  return { ...(await applyAndLook(run, planned, decision, approval)), ...used };
}

function approvalOf({ plan, intention }: PlanRun, approvals: readonly Approval[]): Approval | undefined {
  const spent = intention.ledger.spent ?? [];
  return approvals.find(
    ({ fingerprint, onlyOnce }) =>
      fingerprint === plan.fingerprint && !(onlyOnce && spent.includes(fingerprint)),
  );
}

/** Reads and plans with what cannot write. Given up at once when the run is to stop. */
async function planOnly({ workspace, effects, options, limit: { stop } }: RunOrder): Promise<PlanRun> {
  stop.throwIfAborted();
  const connections = openConnections();
  const planning = planRun(workspace, { ...effects, reader: connections.track(effects.reader) }, options);
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

/** Applies, and plans once more: nobody knows better what is left. */
async function applyAndLook(
  run: RunOrder,
  before: PlanRun,
  decision: Decision,
  approval: Approval | undefined,
): Promise<Findings> {
  const known = new Set(Object.keys(before.intention.ledger.objects));
  const result = await applyDecided(run, before.plan, decision, approval?.fingerprint);
  const { report, prospect, later, interrupted } = result;
  const { applied, failed, stale } = report.summary;
  const left = await lookAgain(run, applied + failed + stale > 0).catch(() => undefined);
  const now = left ?? {
    ...leftAsPlanned(before, decision),
    plan: remaining(before.plan, report.outcomes),
  };
  const plan = now.plan ?? before.plan;
  const settled = applied > 0 ? 'success' : 'no_change';
  return {
    ...now,
    plan,
    result: changesOf(plan).length > 0 ? 'drift' : settled,
    ...ofOutcomes(report.outcomes),
    ...(interrupted && ofFault(run.limit.stop.reason)),
    diagnostics: [...now.diagnostics, ...later],
    changes: changesOf(before.plan).length,
    applied,
    failed: failed + stale,
    healed: healedBy(prospect.steps, report.outcomes, known),
  };
}

async function lookAgain(run: RunOrder, wrote: boolean): Promise<Findings | undefined> {
  if (!wrote) return undefined;
  const planned = await planOnly(run);
  if (planned.prospect.observation.unreadable.length > 0) return undefined;
  const decision = decide(planned.prospect, planned.intention, { ...run.circumstances, approved: false });
  return leftAsPlanned(planned, decision);
}
