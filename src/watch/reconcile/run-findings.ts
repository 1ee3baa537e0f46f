import type { Address } from '../../model/address.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Outcome } from '../../model/outcome.js';
import { type Change, changesOf, type Plan } from '../../model/plan.js';
import type { Step } from '../../plan/step.js';
import type { PlanResult } from '../../usecases/plan-workspace.js';
import type { Classification } from './classify-error.js';
import type { Decision } from './decide.js';
import type { Healed } from './flapping.js';

/** The result of one run of one target. */
export interface RunFindings extends Classification {
  /** The changes left to do; absent where the target could not be planned. */
  plan?: Plan;
  held: readonly string[];
  /** A guard kept something from being written. */
  guard: boolean;
  /** Nothing was to be written: the mode is observe, and the plan was not approved. */
  observed: boolean;
  diagnostics: readonly Diagnostic[];
  /** Objects that differed. */
  changes: number;
  applied: number;
  failed: number;
  healed: readonly Healed[];
  /** The approval that was used up. */
  used?: string;
}

/** A run that did not get as far as a plan. */
export function findingsWithoutPlan(
  verdict: Classification,
  diagnostics: readonly Diagnostic[],
): RunFindings {
  return { ...NOTHING, ...verdict, diagnostics };
}

const NOTHING = {
  held: [],
  guard: false,
  observed: false,
  diagnostics: [],
  changes: 0,
  applied: 0,
  failed: 0,
  healed: [],
};

/** A run that left everything as it was planned. The plan says of each change why it was left. */
export function findingsOfPlan({ plan }: Pick<PlanResult, 'plan'>, decision: Decision): RunFindings {
  const { held, reasons, guard, observed } = decision;
  const count = changesOf(plan).length;
  const result = count > 0 ? 'drift' : 'no_change';
  const left = { ...plan, changes: plan.changes.map((change) => withReason(change, held)) };
  return {
    ...NOTHING,
    result,
    plan: left,
    held: reasons,
    guard,
    observed,
    diagnostics: plan.diagnostics,
    changes: count,
  };
}

function withReason(change: Change, held: Decision['held']): Change {
  const blocked = change.blocked ?? held.get(change.address);
  return blocked === undefined ? change : { ...change, blocked };
}

/** A plan without what was applied, for where it could not be made anew. */
export function remainingPlan(plan: Plan, outcomes: readonly Outcome[]): Plan {
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
