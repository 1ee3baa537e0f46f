import type { Diagnostic } from '../model/diagnostic.js';
import { applyVerdict } from '../report/apply-words.js';
import { applyMarkdown, applyText, type Budget, diagnosticsText } from '../report/index.js';
import { code } from '../report/markdown.js';
import type { ApplyResult } from '../run/apply.js';
import { EXIT } from './failure.js';
import { placed } from './findings.js';
import { type Job, summaryLink } from './job.js';
import type { Marker, State } from './marker.js';
import { findingsPart, fitted, page, SUMMARY_LIMIT } from './page.js';
import { COMMENT, keyOf } from './plan.js';
import { type Planned, planPart, summarizePlan } from './planned.js';
import { type Posted, posting } from './posting.js';
import type { Review } from './review.js';
import { type Draft, putComment } from './sticky.js';
import { title } from './title.js';

/** Says what became of the plan: in the log, the outputs, the comment that people reviewed, and the run's page. */
export async function sayOutcome(job: Job, review: Review, result: ApplyResult): Promise<void> {
  const { inputs, runner } = job;
  const { report, later } = result;
  // The plan's own findings stand above it already.
  const text = applyText({ ...report, diagnostics: [...later] }, { color: true });
  runner.print('llmform apply', `${diagnosticsText(placed(later, job.projectFile), { color: true })}${text}`);
  runner.output('summary', applyVerdict(report));
  for (const [status, count] of Object.entries(report.summary)) runner.output(status, count);

  const idle = result.whole && report.outcomes.length === 0;
  const markdown = (budget: Budget) =>
    idle ? '**Nothing to apply: everything is as the manifests say.**' : applyMarkdown(report, budget);
  const heading = title(inputs, 'apply');
  const marker = markerOf(job, review);
  // A target that could not be read, and nothing to do on the others: what was reviewed is still to come.
  const untouched = !result.whole && report.outcomes.length === 0;
  const state = result.whole ? 'applied' : untouched ? refusedState(review) : 'partial';
  const quiet = idle && (review.marker === undefined || review.marker.state === 'applied');
  const { notes } = await comment(job, review, quiet, (limit) => ({
    marker: { ...marker, state, plan: untouched ? marker.plan : report.fingerprint },
    text: page(heading, commented(job, markdown, limit - 500), origin(job)),
  }));
  await runner.summarize(page(heading, ...notes, markdown({ limit: SUMMARY_LIMIT, measure: 'bytes' })));
}

function commented(job: Job, markdown: (budget: Budget) => string, limit: number): string {
  const rest = `the ${summaryLink(job)}`;
  return fitted(markdown({ limit, rest: `in ${rest}` }), limit, rest);
}

/** Says why nothing was applied, or what went wrong on the way, and what the plan is by now. */
export async function sayNotApplied(
  job: Job,
  review: Review,
  failure: { code: number; diagnostics: readonly Diagnostic[] },
  planned: Planned | undefined,
): Promise<void> {
  const { inputs, runner } = job;
  const refused = failure.code === EXIT.refused;
  const heading = title(inputs, refused ? 'apply: refused, nothing was applied' : 'apply: failed');
  const found = placed(failure.diagnostics, job.projectFile);
  const why = findingsPart(found);
  const { notes } = await comment(job, review, false, (limit) => {
    const shown = fitted(why, limit / 4, `the ${summaryLink(job)}`);
    const room = limit - shown.length - 1000;
    const plan = planned === undefined ? '' : planPart(planned, room, summaryLink(job)).text;
    return {
      marker: { ...markerOf(job, review), state: refusedState(review) },
      text: page(heading, shown, origin(job), plan),
    };
  });
  if (planned !== undefined) await summarizePlan(job, planned, heading, ...notes, why);
  else await runner.summarize(page(heading, ...notes, why));
}

/** What was reviewed stays on record: the same plan may still come about. What was applied is done with. */
function refusedState({ marker }: Review): State {
  return marker?.state === 'applied' ? 'applied' : 'refused';
}

function markerOf(job: Job, { marker }: Review): Marker {
  const { sha } = job.workflow;
  return marker ?? { ...keyOf(job), v: 1, head: sha, plan: '', truncated: false, state: 'refused' };
}

function origin({ workflow }: Job): string {
  return `Commit ${code(workflow.sha.slice(0, 7))}, [this run](${workflow.runUrl}).`;
}

async function comment(job: Job, review: Review, quiet: boolean, draft: Draft): Promise<Posted> {
  const { pull, comments } = review;
  if (pull === undefined || quiet || job.inputs.comment === 'never') return { notes: [] };
  return posting(job, COMMENT, (github) => putComment(github, pull, comments, draft));
}
