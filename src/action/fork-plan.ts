import type { Target } from '../model/project.js';
import { withWaysOut } from '../model/ways-out.js';
import type { PullCommits } from '../run/base-commit.js';
import { type OfflinePlan, offlinePlan } from '../run/offline-plan.js';
import type { RunOptions, Surroundings } from '../run/surroundings.js';
import { inputFor } from './failure.js';
import { writeArtifact } from './fork-artifact.js';

/** What a pull request without secrets gets: a comparison, and the file that carries it to the job that may comment. */
export interface ForkPlan extends OfflinePlan {
  artifact: string;
}

/** `command: plan` where no credential is to be had. Throws `DiagnosticError` for mistakes in the project file. */
export async function forkPlan(
  options: RunOptions,
  surroundings: Surroundings,
  pull: PullCommits,
): Promise<ForkPlan> {
  const offline = await offlinePlan(options, surroundings, pull);
  const { state } = offline;
  const plan = { ...offline.plan, diagnostics: withWaysOut(offline.plan.diagnostics, inputFor) };
  const { config, target: targets } = options;
  const artifact = writeArtifact({ formatVersion: '1', headSha: pull.head, config, targets, state, plan });
  return { ...offline, plan, artifact };
}

/** Whether none of the targets has its credential, as in runs that are given no secrets. */
export function lacksAllCredentials(targets: readonly Target[], env: Surroundings['env']): boolean {
  return targets.every(({ auth }) => 'fromEnv' in auth && !env[auth.fromEnv]);
}
