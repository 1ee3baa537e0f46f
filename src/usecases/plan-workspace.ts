import type { DesiredState } from '../model/desired-state.js';
import type { PlanOptions, ShownPlan } from '../model/plan.js';
import { findUnreturned } from '../plan/unreturned.js';
import { closeAll, type PreparedPlan, prepare } from '../prepare/prepare.js';
import { requireSeen, requireTargets, type Workspace } from './load-workspace.js';
import { maskPlan } from './mask-plan.js';
import type { Effects } from './open-effects.js';
import { readLedger } from './read-ledger.js';
import type { RunOptions } from './run-context.js';
import { findSpelledOutSecrets } from './spelled-out-secrets.js';

/** A plan, and what it was made from and with. */
export interface PlanResult {
  /** To be shown. */
  plan: ShownPlan;
  prepared: PreparedPlan;
  desiredState: DesiredState;
}

/** Reads live state and plans. What is opened here cannot write. Throws `DiagnosticError`. */
export async function planWorkspace(
  workspace: Workspace,
  effects: Omit<Effects, 'client'>,
  options: RunOptions,
): Promise<PlanResult> {
  const { project, targets, manifests } = workspace;
  requireTargets(project, options.rebind);
  const diagnostics = requireSeen(workspace, options);
  const opened = await readLedger(effects, workspace, { selected: options.target, use: 'plan' });
  const { ledger, statements, diagnostics: ofLedger } = opened;
  const desiredState = { project, targets, manifests, ledger, ...(statements && { statements }) };
  const literals = await findSpelledOutSecrets(desiredState, effects.secrets);
  const prepared = await prepare(desiredState, effects, toPlanOptions(options, workspace), effects.reader);
  await closeAll(prepared.observation);
  prepared.plan.diagnostics.unshift(...diagnostics, ...ofLedger, ...literals, ...findUnreturned(prepared));
  return { plan: maskPlan(prepared.plan, desiredState, effects.secrets), prepared, desiredState };
}

export function toPlanOptions(
  { target, prune, adopt, trustSecrets, rebind }: RunOptions,
  { at }: Pick<Workspace, 'at'>,
): PlanOptions {
  return {
    targets: [...target],
    prune,
    adopt,
    trustSecrets,
    ...(rebind.length > 0 && { rebind: [...rebind] }),
    ...(at !== undefined && { at }),
  };
}
