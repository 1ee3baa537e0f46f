import { type Diagnostic, warning } from '../model/diagnostic.js';
import { hasChanges } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { withWaysOut } from '../model/ways-out.js';
import { offlineDocument, offlineVerdict } from '../report/index.js';
import type { PullRequestCommits } from '../usecases/base-project.js';
import { loadWorkspace } from '../usecases/load-workspace.js';
import { type OfflinePlan, planOffline } from '../usecases/offline-plan.js';
import type { RunContext, RunOptions } from '../usecases/run-context.js';
import { annotateFindings, locateDiagnostics } from './annotate.js';
import type { PullRequestEvent } from './event.js';
import { EXIT, inputFor } from './failure.js';
import { writeArtifact } from './fork-artifact.js';
import { joinParts, postTitle, SUMMARY_LIMIT } from './post-layout.js';
import { runContextOf, runOptionsOf, type StepContext } from './step-context.js';

/** The pull request, if it has to do without vendors: it is a fork's, or its run was given no credential at all. */
export async function findOfflinePull({
  event,
  inputs,
  workflow,
}: StepContext): Promise<PullRequestEvent | undefined> {
  const { pull } = event;
  if (pull === undefined || pull.fork) return pull;
  const { workspace: cwd, env } = workflow;
  const targets = await loadWorkspace({ cwd, env }, inputs.config, inputs.targets).then(
    (found) => found.targets,
    // The plan itself reports what is wrong with it.
    (): Target[] => [],
  );
  return targets.length > 0 && lacksAllCredentials(targets, env) ? pull : undefined;
}

/** `command: plan` without vendors: compares manifests with those of the base, and leaves the comment to `post`. */
export async function runOfflinePlan(step: StepContext, pull: PullRequestEvent): Promise<number> {
  const { inputs, runner } = step;
  const { plan, state, manifests, artifact } = await planFork(runOptionsOf(step), runContextOf(step), pull);
  const heading = postTitle(inputs, 'offline plan');
  const limit = SUMMARY_LIMIT - Buffer.byteLength(heading) - 10;
  const { text } = offlineDocument(plan, state, { limit, measure: 'bytes' });
  runner.print('llmform offline plan', text);
  const more = pull.fork ? [] : [noCredential()];
  annotateFindings(runner, locateDiagnostics([...plan.diagnostics, ...more], step.projectFile, manifests));
  runner.output('has-changes', hasChanges(plan));
  runner.output('summary', offlineVerdict(plan, state));
  for (const [action, count] of Object.entries(plan.summary)) {
    if (action !== 'noop') runner.output(action, count);
  }
  runner.output('plan-file', await runner.keep('fork-plan.json', artifact));
  await runner.summarize(joinParts(heading, text));
  return state === 'invalid' ? EXIT.error : EXIT.done;
}

/** The comparison, and the file that carries it to the job that may comment. Throws `DiagnosticError`. */
async function planFork(
  options: RunOptions,
  context: RunContext,
  pull: PullRequestCommits,
): Promise<OfflinePlan & { artifact: string }> {
  const offline = await planOffline(options, context, pull);
  const { state } = offline;
  const plan = { ...offline.plan, diagnostics: withWaysOut(offline.plan.diagnostics, inputFor) };
  const { config, target: targets } = options;
  const artifact = writeArtifact({ formatVersion: '1', headSha: pull.head, config, targets, state, plan });
  return { ...offline, plan, artifact };
}

/** Tells if none of the targets has its credential, as in runs that are given no secrets. */
export function lacksAllCredentials(targets: readonly Target[], env: RunContext['env']): boolean {
  return targets.every(({ auth }) => 'fromEnv' in auth && !env[auth.fromEnv]);
}

function noCredential(): Diagnostic {
  return warning('credential', 'no target has its credential here, so this plan asked no vendor', {
    detail:
      'Pull requests of Dependabot get no secrets. For any other, give the step its variables under env.',
  });
}
