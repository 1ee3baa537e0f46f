import type { Address } from '../../model/address.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Outcome } from '../../model/outcome.js';
import { type Change, countChanges, hasChanges, type ShownPlan } from '../../model/plan.js';
import type { Step } from '../../plan/step.js';
import type { PlanResult } from '../../usecases/plan-workspace.js';
import type { RunResult } from '../state/model.js';
import type { Classification } from './classify-error.js';
import type { Decision } from './decide.js';
import type { Healed } from './flapping.js';

/** The findings and actions of one run of one target. */
export interface RunFindings {
  run: RunResult;
  /** The changes that are left; absent where the target could not be planned. */
  plan?: ShownPlan;
  held: readonly string[];
  /** A guard kept something from being written. */
  guard: boolean;
  /** It was refused for a reason that ends plan and apply with 4: another account, or a ledger that is not the one to go on with. */
  refused?: true;
  /** Nothing was to be written: the mode is observe, and the plan was not approved. */
  observed: boolean;
  diagnostics: readonly Diagnostic[];
  healed: readonly Healed[];
  /** The approval that was used up. */
  used?: string;
}

/** A run that did not get as far as a plan. */
export function findingsWithoutPlan(
  classification: Classification,
  diagnostics: readonly Diagnostic[],
): RunFindings {
  const run = { changes: 0, applied: 0, failed: 0, ...classification };
  return { run, held: [], guard: false, observed: false, diagnostics, healed: [] };
}

/** The same findings of a run that something kept from its work. */
export function withFailure(findings: RunFindings, classification: Classification): RunFindings {
  return { ...findings, run: { ...findings.run, ...classification } };
}

/** A run that left everything as it was planned. The plan says of each change why it was left. */
export function findingsOfPlan({ plan }: Pick<PlanResult, 'plan'>, decision: Decision): RunFindings {
  const { held, reasons, guard, observed } = decision;
  const result = hasChanges(plan) ? 'drift' : 'no_change';
  const left = { ...plan, changes: plan.changes.map((change) => withReason(change, held)) };
  return {
    run: { result, changes: countChanges(plan), applied: 0, failed: 0 },
    plan: left,
    held: reasons,
    guard,
    observed,
    diagnostics: plan.diagnostics,
    healed: [],
  };
}

function withReason(change: Change, held: Decision['held']): Change {
  const blocked = change.blocked ?? held.get(change.address);
  return blocked === undefined ? change : { ...change, blocked };
}

/** A plan without what was applied, for where it could not be made anew. */
export function remainingPlan(plan: ShownPlan, outcomes: readonly Outcome[]): ShownPlan {
  const applied = new Set(outcomes.flatMap((o) => (o.status === 'applied' ? o.address : [])));
  const changes = plan.changes.filter(({ address }) => !applied.has(address));
  const summary = { ...plan.summary, noop: plan.summary.noop + plan.changes.length - changes.length };
  for (const { address, action } of plan.changes) if (applied.has(address)) summary[action] -= 1;
  const write = changes.reduce((sum, change) => sum + change.requests.length, 0);
  return { ...plan, changes, summary, requests: { ...plan.requests, write } };
}

/** Healed drift: fields, and whole objects that were known and had been removed. */
export function findHealed(
  steps: readonly Step[],
  outcomes: readonly Outcome[],
  known: ReadonlySet<Address>,
): Healed[] {
  const applied = new Set(outcomes.flatMap((o) => (o.status === 'applied' ? o.address : [])));
  return steps.flatMap(({ change }): Healed[] => {
    const { address, action, fields } = change;
    if (!applied.has(address)) return [];
    if (action === 'create') return known.has(address) ? [{ address, path: '' }] : [];
    const drifted = fields.filter(({ cause }) => cause === 'drift' || cause === 'both');
    return drifted.map(({ path }) => ({ address, path }));
  });
}
