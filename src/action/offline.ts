import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { Target } from '../model/project.js';
import { offlineDocument, offlineVerdict } from '../report/index.js';
import { hasChanges } from '../run/plan.js';
import { loadWorkspace } from '../run/workspace.js';
import type { PullEvent } from './event.js';
import { EXIT } from './failure.js';
import { placed, sayFindings } from './findings.js';
import { forkPlan, lacksAllCredentials } from './fork-plan.js';
import { type Job, optionsOf, surroundingsOf } from './job.js';
import { page, SUMMARY_LIMIT } from './page.js';
import { title } from './title.js';

/** The pull request, if it has to do without vendors: it is a fork's, or its run was given no credential at all. */
export async function offlinePull({ event, inputs, workflow }: Job): Promise<PullEvent | undefined> {
  const { pull } = event;
  if (pull === undefined || pull.fork) return pull;
  const { workspace, env } = workflow;
  const targets = await loadWorkspace(workspace, inputs.config, inputs.targets).then(
    (found) => found.targets,
    // Whoever plans says what is wrong with it.
    (): Target[] => [],
  );
  return targets.length > 0 && lacksAllCredentials(targets, env) ? pull : undefined;
}

/** `command: plan` without vendors: compares manifests with those of the base, and leaves the comment to `post`. */
export async function runOffline(job: Job, pull: PullEvent): Promise<number> {
  const { inputs, runner } = job;
  const { plan, state, manifests, artifact } = await forkPlan(optionsOf(job), surroundingsOf(job), pull);
  const heading = title(inputs, 'offline plan');
  const limit = SUMMARY_LIMIT - Buffer.byteLength(heading) - 10;
  const { text } = offlineDocument(plan, state, { limit, measure: 'bytes' });
  runner.print('llmform offline plan', text);
  const more = pull.fork ? [] : [noCredential()];
  sayFindings(runner, placed([...plan.diagnostics, ...more], job.projectFile, manifests));
  runner.output('has-changes', hasChanges(plan));
  runner.output('summary', offlineVerdict(plan, state));
  for (const [action, count] of Object.entries(plan.summary)) {
    if (action !== 'noop') runner.output(action, count);
  }
  runner.output('plan-file', await runner.keep('fork-plan.json', artifact));
  await runner.summarize(page(heading, text));
  return state === 'invalid' ? EXIT.error : EXIT.done;
}

function noCredential(): Diagnostic {
  return warning('credential', 'no target has its credential here, so this plan asked no vendor', {
    detail:
      'Pull requests of Dependabot get no secrets. For any other, give the step its variables under env.',
  });
}
