import { hasErrors } from '../model/diagnostic.js';
import { hasChanges } from '../model/plan.js';
import type { GitHub, GitHubPost } from '../platform/github/github.js';
import { requireAllowedEvent } from './allowed-events.js';
import { locateDiagnostics, reportFailure } from './annotate.js';
import { EXIT, failureOf } from './failure.js';
import type { PostKey, PostMarker } from './marker.js';
import { findOfflinePull, runOfflinePlan } from './offline-plan.js';
import { planAndReport, planPart, type ReportedPlan, summarizePlan } from './plan-and-report.js';
import { findingsPart, fitText, joinParts, postTitle } from './post-layout.js';
import { type PostResult, postWithHint } from './post-with-hint.js';
import { type StepContext, summaryLink } from './step-context.js';
import { findOwnComments, type PostDraft, upsertComment } from './upsert-comment.js';

/** `command: plan`: plans, and puts it where reviewers look. A plan cannot write to a vendor. */
export async function runPlan(step: StepContext): Promise<number> {
  requireAllowedEvent(step);
  const offline = await findOfflinePull(step);
  if (offline !== undefined) {
    if (!offline.fork) await outdate(step);
    return runOfflinePlan(step, offline);
  }
  const planned = await planAndReport(step).catch((error: unknown) => failureOf(error));
  if ('code' in planned) return failed(step, planned);
  const heading = postTitle(step.inputs, 'plan');
  const { plan } = planned;
  const first = step.inputs.comment === 'always' || hasChanges(plan) || hasErrors(plan.diagnostics);
  const { notes } = await comment(step, first, (limit) => {
    const warning = notReviewable(step, planned);
    const room = limit - heading.length - warning.length - 4;
    const { text, truncated } = planPart(planned, room, summaryLink(step));
    return {
      marker: { ...markerOf(step), plan: plan.fingerprint, truncated },
      text: joinParts(heading, truncated ? warning : '', text),
    };
  });
  await summarizePlan(step, planned, heading, ...notes);
  if (planned.refused) return EXIT.refused;
  return hasErrors(plan.diagnostics) ? EXIT.error : EXIT.done;
}

/** Says before the merge what apply will say after it; empty where there is nothing to apply. */
function notReviewable(step: StepContext, { plan }: ReportedPlan): string {
  if (!hasChanges(plan)) return '';
  return `> **This comment does not show all of the plan, so it does not count as reviewed.** Read it in the ${summaryLink(step)}; the output \`plan-file\` has all of it. Apply will refuse it; to apply it after all, run the workflow by hand with the input \`fingerprint: ${plan.fingerprint}\`.`;
}

/** A plan of earlier commits is none of this one, for which no vendor could be asked. */
async function outdate(step: StepContext): Promise<void> {
  await comment(step, false, () => ({
    marker: { ...markerOf(step), state: 'failed' },
    text: joinParts(
      postTitle(step.inputs, 'plan: none any more'),
      `No target has its credential in the latest run. What can be said without is in its ${summaryLink(step)}.`,
    ),
  }));
}

/** A stale plan must not look current. */
async function failed(
  step: StepContext,
  { code, diagnostics }: ReturnType<typeof failureOf>,
): Promise<number> {
  const { inputs, runner } = step;
  const found = locateDiagnostics(diagnostics, step.projectFile);
  reportFailure(runner, found);
  const text = joinParts(postTitle(inputs, 'plan: failed'), findingsPart(found));
  const { notes } = await comment(step, true, (limit) => ({
    marker: { ...markerOf(step), state: 'failed' },
    text: fitText(text, limit, `the ${summaryLink(step)}`),
  }));
  await runner.summarize(joinParts(text, ...notes));
  return code;
}

/** Which comment the plan and the outcome of its apply go to. */
export function keyOf({ inputs }: StepContext): PostKey {
  return { cmd: 'plan', config: inputs.config, targets: inputs.targets };
}

function markerOf(step: StepContext): PostMarker {
  const head = step.event.pull?.head ?? '';
  return { ...keyOf(step), v: 1, head, plan: '', truncated: false, state: 'planned' };
}

/** Writes the comment; `first` says whether also where there is none yet. */
async function comment(step: StepContext, first: boolean, draft: PostDraft): Promise<PostResult> {
  const { inputs, event } = step;
  const { pull } = event;
  if (pull === undefined || inputs.comment === 'never') return { notes: [] };
  return postWithHint(step, COMMENT, async (github): Promise<GitHubPost | { note: string } | undefined> => {
    const existing = await findOwnComments(github, pull.number, keyOf(step));
    if (existing.length === 0 && !first) return undefined;
    const note = await overtaken(github, pull);
    return note === undefined ? upsertComment(github, pull.number, existing, draft) : { note };
  });
}

/** The name of a post, and the permission that writing it takes. */
export const COMMENT = { what: 'The comment', permission: 'pull-requests: write' };

/** Old runs can be repeated at any time: they must not cover what was planned since, or what was applied. */
async function overtaken(
  github: GitHub,
  { number, head }: { number: number; head: string },
): Promise<string | undefined> {
  const now = await github.pull(number);
  const left = 'its comment was left alone.';
  if (now.merged) return `Pull request ${number} is merged: ${left}`;
  if (now.head === head) return undefined;
  return `This plan is for ${head.slice(0, 7)}, and pull request ${number} is at ${now.head.slice(0, 7)} by now: ${left}`;
}
