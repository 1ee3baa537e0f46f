import type { Target } from '../model/project.js';
import { withWaysOut } from '../model/ways-out.js';
import type { PullRequestCommits } from '../usecases/base-project.js';
import { type OfflinePlan, planOffline } from '../usecases/offline-plan.js';
import type { RunContext, RunOptions } from '../usecases/run-context.js';
import { inputFor } from './failure.js';
import { writeArtifact } from './fork-artifact.js';

/** The plan of a pull request without secrets: a comparison, and the file that carries it to the job that may comment. */
export interface ForkPlan extends OfflinePlan {
  artifact: string;
}

/** `command: plan` without credentials. Throws `DiagnosticError` for mistakes in the project file. */
export async function planFork(
  options: RunOptions,
  context: RunContext,
  pull: PullRequestCommits,
): Promise<ForkPlan> {
  const offline = await planOffline(options, context, pull);
  const { state } = offline;
  const plan = { ...offline.plan, diagnostics: withWaysOut(offline.plan.diagnostics, inputFor) };
  const { config, target: targets } = options;
  const artifact = writeArtifact({ formatVersion: '1', headSha: pull.head, config, targets, state, plan });
  return { ...offline, plan, artifact };
}

/** Tells whether no target has its credential, as in runs that are given no secrets. */
export function lacksAllCredentials(targets: readonly Target[], env: RunContext['env']): boolean {
  return targets.every(({ auth }) => 'fromEnv' in auth && !env[auth.fromEnv]);
}
