import type { GitHub, Post } from '../io/github.js';
import { hasErrors } from '../model/diagnostic.js';
import { hasChanges } from '../run/plan.js';
import { EXIT, failureOf } from './failure.js';
import { placed, sayFailure } from './findings.js';
import { type Job, summaryLink } from './job.js';
import type { Key, Marker } from './marker.js';
import { offlinePull, runOffline } from './offline.js';
import { findingsPart, fitted, page } from './page.js';
import { demandPlace } from './place.js';
import { makePlan, type Planned, planPart, summarizePlan } from './planned.js';
import { type Posted, posting } from './posting.js';
import { type Draft, findComments, putComment } from './sticky.js';
import { title } from './title.js';

/** `command: plan`: plans, and puts it where reviewers look. A plan cannot write to a vendor. */
export async function runPlan(job: Job): Promise<number> {
  demandPlace(job);
  const offline = await offlinePull(job);
  if (offline !== undefined) {
    if (!offline.fork) await outdate(job);
    return runOffline(job, offline);
  }
  const planned = await makePlan(job).catch((error: unknown) => failureOf(error));
  if ('code' in planned) return failed(job, planned);
  const heading = title(job.inputs, 'plan');
  const { plan } = planned;
  const first = job.inputs.comment === 'always' || hasChanges(plan) || hasErrors(plan.diagnostics);
  const { notes } = await comment(job, first, (limit) => {
    const warning = notReviewable(job, planned);
    const room = limit - heading.length - warning.length - 4;
    const { text, truncated } = planPart(planned, room, summaryLink(job));
    return {
      marker: { ...markerOf(job), plan: plan.fingerprint, truncated },
      text: page(heading, truncated ? warning : '', text),
    };
  });
  await summarizePlan(job, planned, heading, ...notes);
  return hasErrors(plan.diagnostics) ? EXIT.error : EXIT.done;
}

/** Says before the merge what apply will say after it; empty where there is nothing to apply. */
function notReviewable(job: Job, { plan }: Planned): string {
  if (!hasChanges(plan)) return '';
  return `> **This comment does not show all of the plan, so it does not count as reviewed.** Read it in the ${summaryLink(job)}; the output \`plan-file\` has all of it. Apply will refuse it; to apply it after all, run the workflow by hand with the input \`fingerprint: ${plan.fingerprint}\`.`;
}

/** A plan of earlier commits is none of this one, for which no vendor could be asked. */
async function outdate(job: Job): Promise<void> {
  await comment(job, false, () => ({
    marker: { ...markerOf(job), state: 'failed' },
    text: page(
      title(job.inputs, 'plan: none any more'),
      `No target has its credential in the latest run. What can be said without is in its ${summaryLink(job)}.`,
    ),
  }));
}

/** A plan that does not exist any more must not stand there as if it did. */
async function failed(job: Job, { code, diagnostics }: ReturnType<typeof failureOf>): Promise<number> {
  const { inputs, runner } = job;
  const found = placed(diagnostics, job.projectFile);
  sayFailure(runner, found);
  const text = page(title(inputs, 'plan: failed'), findingsPart(found));
  const { notes } = await comment(job, true, (limit) => ({
    marker: { ...markerOf(job), state: 'failed' },
    text: fitted(text, limit, `the ${summaryLink(job)}`),
  }));
  await runner.summarize(page(text, ...notes));
  return code;
}

/** Which comment the plan and the outcome of its apply go to. */
export function keyOf({ inputs }: Job): Key {
  return { cmd: 'plan', config: inputs.config, targets: inputs.targets };
}

function markerOf(job: Job): Marker {
  const head = job.event.pull?.head ?? '';
  return { ...keyOf(job), v: 1, head, plan: '', truncated: false, state: 'planned' };
}

/** Writes the comment; `first` says whether also where there is none yet. */
async function comment(job: Job, first: boolean, draft: Draft): Promise<Posted> {
  const { inputs, event } = job;
  const { pull } = event;
  if (pull === undefined || inputs.comment === 'never') return { notes: [] };
  return posting(job, COMMENT, async (github): Promise<Post | { note: string } | undefined> => {
    const existing = await findComments(github, pull.number, keyOf(job));
    if (existing.length === 0 && !first) return undefined;
    const note = await overtaken(github, pull);
    return note === undefined ? putComment(github, pull.number, existing, draft) : { note };
  });
}

/** What this is called, and what writing it takes. */
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
