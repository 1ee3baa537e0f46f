import { randomUUID } from 'node:crypto';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { diagnosticsText, planDocument, planJson, planText } from '../report/index.js';
import { verdict } from '../report/wording.js';
import { openEffects } from '../run/effects.js';
import { hasChanges, planRun } from '../run/plan.js';
import { loadSoundWorkspace } from '../run/workspace.js';
import { placed, sayFindings } from './findings.js';
import { type Job, optionsOf, surroundingsOf } from './job.js';
import { fitted, page, SUMMARY_LIMIT } from './page.js';

/** A plan, and what it was made for. */
export interface Planned {
  plan: Plan;
  targets: readonly Target[];
  project: string;
}

/** Plans, and says so in the log, the annotations and the outputs. What it opens cannot write. */
export async function makePlan(job: Job): Promise<Planned> {
  const { runner } = job;
  const options = optionsOf(job);
  const workspace = await loadSoundWorkspace(options, surroundingsOf(job));
  const { plan } = await planRun(workspace, openEffects(workspace.project, surroundingsOf(job)), options);
  plan.planId = randomUUID();
  const planned = { plan, targets: workspace.project.targets, project: workspace.project.name };
  printPlan(job, planned);
  sayFindings(runner, placed(plan.diagnostics, job.projectFile, workspace.manifests));
  outputPlan(job, plan);
  runner.output('plan-file', await runner.keep('plan.json', planJson(plan)));
  return planned;
}

export function printPlan({ projectFile, runner }: Job, { plan, targets }: Planned): void {
  const findings: readonly Diagnostic[] = placed(plan.diagnostics, projectFile);
  const text = `${diagnosticsText(findings, { color: true })}${planText(plan, targets, { color: true, detail: 'whole' })}`;
  runner.print('llmform plan', text);
}

export function outputPlan({ runner }: Job, plan: Plan): void {
  runner.output('has-changes', hasChanges(plan));
  runner.output('fingerprint', plan.fingerprint);
  runner.output('summary', verdict(plan));
  for (const [action, count] of Object.entries(plan.summary)) {
    if (action !== 'noop') runner.output(action, count);
  }
}

/** The plan as markdown within so many characters, and whether anything of it was left out. */
export function planPart(
  { plan, targets }: Planned,
  limit: number,
  rest: string,
): { text: string; truncated: boolean } {
  const { text, cut } = planDocument(plan, targets, { limit, rest: `in the ${rest}` });
  return { text: fitted(text, limit, `the ${rest}`), truncated: cut || text.length > limit };
}

/** Puts the plan on the run's page. */
export async function summarizePlan(
  { runner }: Job,
  { plan, targets }: Planned,
  ...before: readonly string[]
): Promise<void> {
  const head = page(...before);
  const limit = SUMMARY_LIMIT - Buffer.byteLength(head);
  const { text } = planDocument(plan, targets, {
    limit,
    measure: 'bytes',
    rest: 'in the file of the output plan-file',
  });
  await runner.summarize(page(head, text));
}
