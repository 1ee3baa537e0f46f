import type { Diagnostic } from '../model/diagnostic.js';
import { applyVerdict } from '../report/apply/apply-summary.js';
import { inlineCode } from '../report/format/markdown.js';
import { applyMarkdown, applyText, type Budget, diagnosticsText } from '../report/index.js';
import type { ApplyResult } from '../usecases/apply-workspace.js';
import { locateDiagnostics } from './annotate.js';
import { EXIT } from './failure.js';
import type { PostMarker, PostState } from './marker.js';
import { COMMENT, keyOf } from './plan.js';
import { planPart, type ReportedPlan, summarizePlan } from './plan-and-report.js';
import { findingsPart, fitText, joinParts, postTitle, SUMMARY_LIMIT } from './post-layout.js';
import { type PostResult, postWithHint } from './post-with-hint.js';
import type { Review } from './review.js';
import { type StepContext, summaryLink } from './step-context.js';
import { type PostDraft, upsertComment } from './upsert-comment.js';

/** Says what became of the plan: in the log, the outputs, the comment that people reviewed, and the run's page. */
export async function reportOutcome(step: StepContext, review: Review, result: ApplyResult): Promise<void> {
  const { inputs, runner } = step;
  const { report, later } = result;
  // The plan's own findings stand above it already.
  const text = applyText({ ...report, diagnostics: [...later] }, { color: true });
  runner.print(
    'llmform apply',
    `${diagnosticsText(locateDiagnostics(later, step.projectFile), { color: true, detail: 'whole' })}${text}`,
  );
  runner.output('summary', applyVerdict(report));
  for (const [status, count] of Object.entries(report.summary)) runner.output(status, count);

  const idle = result.whole && report.outcomes.length === 0;
  const markdown = (budget: Budget) =>
    idle ? '**Nothing to apply: all objects are up to date.**' : applyMarkdown(report, budget);
  const heading = postTitle(inputs, 'apply');
  const marker = markerOf(step, review);
  // A target that could not be read, and nothing to do on the others: what was reviewed is still to come.
  const untouched = !result.whole && report.outcomes.length === 0;
  const state = result.whole ? 'applied' : untouched ? refusedState(review) : 'partial';
  const quiet = idle && (review.marker === undefined || review.marker.state === 'applied');
  const { notes } = await comment(step, review, quiet, (limit) => ({
    marker: { ...marker, state, plan: untouched ? marker.plan : report.fingerprint },
    text: joinParts(heading, commented(step, markdown, limit - 500), origin(step)),
  }));
  await runner.summarize(joinParts(heading, ...notes, markdown({ limit: SUMMARY_LIMIT, measure: 'bytes' })));
}

function commented(step: StepContext, markdown: (budget: Budget) => string, limit: number): string {
  const rest = `the ${summaryLink(step)}`;
  return fitText(markdown({ limit, rest: `in ${rest}` }), limit, rest);
}

/** Says why nothing was applied, or what went wrong on the way, and what the plan is by now. */
export async function reportNotApplied(
  step: StepContext,
  review: Review,
  failure: { code: number; diagnostics: readonly Diagnostic[] },
  planned: ReportedPlan | undefined,
): Promise<void> {
  const { inputs, runner } = step;
  const refused = failure.code === EXIT.refused;
  const heading = postTitle(inputs, refused ? 'apply: refused, nothing was applied' : 'apply: failed');
  const found = locateDiagnostics(failure.diagnostics, step.projectFile);
  const why = findingsPart(found);
  const { notes } = await comment(step, review, false, (limit) => {
    const shown = fitText(why, limit / 4, `the ${summaryLink(step)}`);
    const room = limit - shown.length - 1000;
    const plan = planned === undefined ? '' : planPart(planned, room, summaryLink(step)).text;
    return {
      marker: { ...markerOf(step, review), state: refusedState(review) },
      text: joinParts(heading, shown, origin(step), plan),
    };
  });
  if (planned !== undefined) await summarizePlan(step, planned, heading, ...notes, why);
  else await runner.summarize(joinParts(heading, ...notes, why));
}

/** A reviewed plan stays on record, because the same plan may come about again. An applied one does not. */
function refusedState({ marker }: Review): PostState {
  return marker?.state === 'applied' ? 'applied' : 'refused';
}

function markerOf(step: StepContext, { marker }: Review): PostMarker {
  const { sha } = step.workflow;
  return marker ?? { ...keyOf(step), v: 1, head: sha, plan: '', truncated: false, state: 'refused' };
}

function origin({ workflow }: StepContext): string {
  return `Commit ${inlineCode(workflow.sha.slice(0, 7))}, [this run](${workflow.runUrl}).`;
}

async function comment(
  step: StepContext,
  review: Review,
  quiet: boolean,
  draft: PostDraft,
): Promise<PostResult> {
  const { pull, comments } = review;
  if (pull === undefined || quiet || step.inputs.comment === 'never') return { notes: [] };
  return postWithHint(step, COMMENT, (github) => upsertComment(github, pull, comments, draft));
}
