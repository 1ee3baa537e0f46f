import { isObject, type Json } from '../model/json.js';
import type { Target } from '../model/project.js';
import type { PullCommits } from '../run/base-commit.js';
import { type OfflinePlan, offlinePlan } from '../run/offline-plan.js';
import type { RunOptions, Surroundings } from '../run/surroundings.js';
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
  const { state, plan } = offline;
  const { config, target: targets } = options;
  const artifact = writeArtifact({ formatVersion: '1', headSha: pull.head, config, targets, state, plan });
  return { ...offline, artifact };
}

/** Whether a pull request comes from another repository; one that was deleted since is another one, too. */
export function isFromFork(payload: Json): boolean {
  const base = nameAt(payload, 'base');
  return base === undefined || nameAt(payload, 'head') !== base;
}

/** Whether none of the targets has its credential, as in runs that are given no secrets. */
export function lacksAllCredentials(targets: readonly Target[], env: Surroundings['env']): boolean {
  return targets.every(({ auth }) => 'fromEnv' in auth && !env[auth.fromEnv]);
}

/** The two commits of a pull request's event; undefined where it names none. */
export function commitsOf(payload: Json): PullCommits | undefined {
  const [head, base] = ['head', 'base'].map((side) => at(payload, 'pull_request', side, 'sha'));
  return typeof head === 'string' && typeof base === 'string' ? { head, base } : undefined;
}

function nameAt(payload: Json, side: 'head' | 'base'): string | undefined {
  const name = at(payload, 'pull_request', side, 'repo', 'full_name');
  return typeof name === 'string' ? name : undefined;
}

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}
