import { randomUUID } from 'node:crypto';
import type { Diagnostic } from '../model/diagnostic.js';
import { hasChanges, type ShownPlan } from '../model/plan.js';
import type { Target } from '../model/project.js';
import { withWaysOut } from '../model/ways-out.js';
import { diagnosticsText, planDocument, planJson, planText } from '../report/index.js';
import { planVerdict } from '../report/plan/plan-summary.js';
import { findGuardWarnings } from '../usecases/check-plan.js';
import { loadValidWorkspace } from '../usecases/load-workspace.js';
import { openEffects } from '../usecases/open-effects.js';
import { planWorkspace } from '../usecases/plan-workspace.js';
import { annotateFindings, locateDiagnostics } from './annotate.js';
import { inputFor } from './failure.js';
import { fitText, joinParts, SUMMARY_LIMIT } from './post-layout.js';
import { runContextOf, runOptionsOf, type StepContext, sayWait } from './step-context.js';

/** A plan, and what it was made for. */
export interface ReportedPlan {
  plan: ShownPlan;
  targets: readonly Target[];
  project: string;
  /** A target is another account than before: apply refuses. */
  refused?: boolean;
}

/** Plans, and says so in the log, the annotations and the outputs. What it opens cannot write. */
export async function planAndReport(step: StepContext): Promise<ReportedPlan> {
  const { runner } = step;
  const options = runOptionsOf(step);
  const workspace = await loadValidWorkspace(options, runContextOf(step));
  const { plan, prepared, desiredState } = await planWorkspace(
    workspace,
    openEffects(workspace.project, runContextOf(step), { onWait: sayWait(runner) }),
    options,
  );
  plan.planId = randomUUID();
  const found = [...plan.diagnostics, ...findGuardWarnings(prepared, desiredState)];
  plan.diagnostics = withWaysOut(found, inputFor);
  const { name: project, targets } = workspace.project;
  const refused = prepared.observation.refused.length > 0;
  const planned = { plan, targets, project, refused };
  printPlan(step, planned);
  annotateFindings(runner, locateDiagnostics(plan.diagnostics, step.projectFile, workspace.manifests));
  setPlanOutputs(step, plan);
  runner.output('plan-file', await runner.keep('plan.json', planJson(plan)));
  return planned;
}

export function printPlan({ projectFile, runner }: StepContext, { plan, targets }: ReportedPlan): void {
  const findings: readonly Diagnostic[] = locateDiagnostics(plan.diagnostics, projectFile);
  const style = { color: true, detail: 'whole' } as const;
  const text = `${diagnosticsText(findings, style)}${planText(plan, targets, style)}`;
  runner.print('llmform plan', text);
}

export function setPlanOutputs({ runner }: StepContext, plan: ShownPlan): void {
  runner.output('has-changes', hasChanges(plan));
  runner.output('fingerprint', plan.fingerprint);
  runner.output('summary', planVerdict(plan));
  for (const [action, count] of Object.entries(plan.summary)) {
    if (action !== 'noop') runner.output(action, count);
  }
}

/** The plan as markdown within so many characters, and whether anything of it was left out. */
export function planPart(
  { plan, targets }: ReportedPlan,
  limit: number,
  rest: string,
): { text: string; truncated: boolean } {
  const { text, cut } = planDocument(plan, targets, { limit, rest: `in the ${rest}` });
  return { text: fitText(text, limit, `the ${rest}`), truncated: cut || text.length > limit };
}

/** Puts the plan on the run's page. */
export async function summarizePlan(
  { runner }: StepContext,
  { plan, targets }: ReportedPlan,
  ...before: readonly string[]
): Promise<void> {
  const head = joinParts(...before);
  const limit = SUMMARY_LIMIT - Buffer.byteLength(head);
  const { text } = planDocument(plan, targets, {
    limit,
    measure: 'bytes',
    rest: 'in the file of the output plan-file',
  });
  await runner.summarize(joinParts(head, text));
}
