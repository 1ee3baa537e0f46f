import { emptyLedger } from '../ledger/index.js';
import { changesOf, type Plan, type PlanOptions, type ShownPlan } from '../model/plan.js';
import { closeAll, type Prospect, prepare } from '../reconcile/reconcile.js';
import type { Intention } from '../reconcile/world.js';
import type { Effects } from './effects.js';
import { maskedPlan } from './masked.js';
import { spelledOut } from './spelled-out.js';
import type { RunOptions } from './surroundings.js';
import type { Workspace } from './workspace.js';

/** A plan, and what it was made from and with. */
export interface PlanRun {
  /** To be shown. */
  plan: ShownPlan;
  prospect: Prospect;
  intention: Intention;
}

/** Reads live state and plans. What is opened here cannot write. Throws `DiagnosticError`. */
export async function planRun(
  workspace: Workspace,
  effects: Pick<Effects, 'ledger' | 'world' | 'reader' | 'secrets'>,
  options: RunOptions,
): Promise<PlanRun> {
  const { project, targets, manifests, diagnostics } = workspace;
  const ledger = (await effects.ledger.read()) ?? emptyLedger(project.name);
  const intention = { project, targets, manifests, ledger };
  const literals = await spelledOut(intention, effects.secrets);
  const prospect = await prepare(intention, effects.world, planOptions(options), effects.reader);
  await closeAll(prospect.observation);
  prospect.plan.diagnostics.unshift(...diagnostics, ...literals);
  return { plan: maskedPlan(prospect.plan, intention, effects.secrets), prospect, intention };
}

export function planOptions({ target, prune, adopt, trustSecrets }: RunOptions): PlanOptions {
  return { targets: [...target], prune, adopt, trustSecrets };
}

/** Whether an apply would have anything to do: orphans are only shown. */
export function hasChanges(plan: Plan): boolean {
  return changesOf(plan).length > 0;
}
