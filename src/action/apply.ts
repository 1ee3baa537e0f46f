import { type Diagnostic, warning } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { outcomeReason } from '../report/apply/apply-summary.js';
import { type ApplyResult, applyWorkspace } from '../usecases/apply-workspace.js';
import { checkGuards, findPlanErrors, guardFinding } from '../usecases/check-plan.js';
import { loadValidWorkspace, type Workspace } from '../usecases/load-workspace.js';
import { openEffects } from '../usecases/open-effects.js';
import { requireAllowedEvent, requireDefaultBranch } from './allowed-events.js';
import { annotateFindings, locateDiagnostics, reportFailure } from './annotate.js';
import { EXIT, failureOf } from './failure.js';
import { printPlan, type ReportedPlan, setPlanOutputs } from './plan-and-report.js';
import { reportNotApplied, reportOutcome } from './report-outcome.js';
import { findReview, type Review, requireReview } from './review.js';
import { runContextOf, runOptionsOf, type StepContext, sayWait } from './step-context.js';

/** `command: apply`: plans again, and does it when that is the plan that was reviewed. */
export async function runApply(step: StepContext): Promise<number> {
  requireAllowedEvent(step);
  requireDefaultBranch(step);
  const review = await findReview(step);
  const seen: { planned?: ReportedPlan } = {};
  const done = await carryOut(step, review, seen).catch((error: unknown) => failureOf(error));
  if ('code' in done) {
    reportFailure(step.runner, locateDiagnostics(done.diagnostics, step.projectFile));
    await reportNotApplied(step, review, done, seen.planned);
    return done.code;
  }
  await reportOutcome(step, review, done);
  if (done.interrupted) return EXIT.interrupted;
  return done.whole ? EXIT.done : EXIT.partial;
}

async function carryOut(
  step: StepContext,
  review: Review,
  seen: { planned?: ReportedPlan },
): Promise<ApplyResult> {
  const { runner } = step;
  const options = runOptionsOf(step);
  const workspace = await loadValidWorkspace(options, runContextOf(step));
  const { project } = workspace;
  const stop = new AbortController();
  const ignore = runner.onCancel(() => stop.abort());
  const said: Diagnostic[] = [];
  try {
    const result = await applyWorkspace({
      workspace,
      effects: openEffects(project, runContextOf(step), { stop: stop.signal, onWait: sayWait(runner) }),
      options,
      origin: { command: 'apply', env: step.workflow.env, pullRequest: review.pull },
      signal: stop.signal,
      approve(prepared, desiredState) {
        seen.planned = { plan: prepared.plan, targets: project.targets, project: project.name };
        refuse(EXIT.error, findPlanErrors(prepared, desiredState));
        printPlan(step, seen.planned);
        setPlanOutputs(step, prepared.plan);
        requireReview(step, review, prepared.plan);
        refuse(EXIT.refused, checkGuards(prepared, desiredState, allowanceOf(step)).map(guardFinding));
      },
      onWarnings: (warnings) => said.push(...warnings),
    });
    said.unshift(...result.report.diagnostics, ...failuresOf(result), ...lostLedger(workspace, result));
    return result;
  } finally {
    ignore();
    annotateFindings(runner, locateDiagnostics(said, step.projectFile, workspace.manifests));
  }
}

function refuse(code: number, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new ExitError(code, ...diagnostics);
}

function allowanceOf({ inputs }: StepContext) {
  return {
    maxDelete: inputs['max-delete'],
    maxDeletePercent: inputs['max-delete-percent'],
    maxUpdatePercent: inputs['max-update-percent'],
    maxMissing: inputs['max-missing'],
  };
}

/** The failures of an apply, for annotations at the manifests. */
function failuresOf({ report }: ApplyResult): Diagnostic[] {
  return report.outcomes
    .filter(({ status }) => status !== 'applied')
    .map((outcome): Diagnostic => {
      const { address, status } = outcome;
      const summary = `${address}: ${status}, ${outcomeReason(outcome) ?? 'for a reason that is in the summary'}`;
      return { severity: status === 'failed' ? 'error' : 'warning', code: 'vendor', summary, address };
    });
}

/** A runner is thrown away, and a file on it. */
function lostLedger({ project }: Workspace, { report }: ApplyResult): Diagnostic[] {
  if (project.ledger.type !== 'file' || report.summary.applied === 0) return [];
  return [
    warning(
      'ledger',
      `the ledger ${project.ledger.path} is a file on this runner, and is lost with it unless you commit it`,
      {
        detail: 'In the project file, `ledger: { type: git }` keeps it on a ref of the repository.',
        file: project.file,
      },
    ),
  ];
}
