import { error } from '../model/diagnostic.js';
import { ExitError } from '../model/exit-error.js';
import { hasChanges, type Plan } from '../model/plan.js';
import { type GitHub, GitHubError, type GitHubPost, type PullRequest } from '../platform/github/github.js';
import { EXIT } from './failure.js';
import { type PostMarker, readMarker } from './marker.js';
import { COMMENT, keyOf } from './plan.js';
import { explainGitHubError } from './post-with-hint.js';
import type { StepContext } from './step-context.js';
import { findOwnComments } from './upsert-comment.js';

/** The record of the plan of the commit to apply. */
export interface Review {
  /** The pull request that the commit came from. */
  pull: number | undefined;
  /** Our comments there, oldest first, and what the newest says of itself. */
  comments: readonly GitHubPost[];
  marker: PostMarker | undefined;
  /** The plan that was reviewed, or why there is none. */
  reviewed: { fingerprint: string } | { why: string };
}

/** Looks for the plan that people saw before they merged: in our own comment, where the commit came from. */
export async function findReview(step: StepContext): Promise<Review> {
  const none = { pull: undefined, comments: [], marker: undefined };
  const { github, workflow } = step;
  if (github === undefined) return { ...none, reviewed: { why: 'The input github-token is empty.' } };
  try {
    return await lookUp(step, github);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const why = `The comment of commit ${workflow.sha.slice(0, 7)} could not be read: ${explainGitHubError(error, COMMENT.permission)}`;
    return { ...none, reviewed: { why } };
  }
}

/** Refuses a plan without a review. One that changes nothing needs none. */
export function requireReview({ inputs }: StepContext, { reviewed }: Review, plan: Plan): void {
  if (!hasChanges(plan)) return;
  const wanted = inputs.fingerprint ?? ('fingerprint' in reviewed ? reviewed.fingerprint : undefined);
  if (wanted === plan.fingerprint) return;
  const way = `Look at the plan as it is now; to apply it, run the workflow by hand with the input fingerprint: ${plan.fingerprint}`;
  if (wanted === undefined) {
    const why = 'why' in reviewed ? reviewed.why : '';
    throw refusal('this plan was not reviewed', `${why}\n${way}`);
  }
  throw refusal(
    'this is not the plan that was reviewed',
    `Manifests, inputs, ledger or live objects have changed since: its fingerprint was ${wanted}, and now it is ${plan.fingerprint}.\n${way}`,
  );
}

async function lookUp(step: StepContext, github: GitHub): Promise<Review> {
  const { sha, ref } = step.workflow;
  const pulls = await github.pullsOf(sha);
  const pull = originOf(
    sha,
    pulls.filter(({ base }) => ref === `refs/heads/${base}`),
  );
  if (pull === undefined) {
    const why = `Commit ${sha.slice(0, 7)} came here without a pull request for ${ref}.`;
    return { pull: undefined, comments: [], marker: undefined, reviewed: { why } };
  }
  const comments = await findOwnComments(github, pull.number, keyOf(step));
  const marker = readMarker(comments.at(-1)?.body ?? '');
  return { pull: pull.number, comments, marker, reviewed: reviewOf(marker, pull.number) };
}

/** The merged pull request for this branch that a commit came from: the one whose merging made it, else the one merged last. */
function originOf(sha: string, pulls: readonly PullRequest[]): PullRequest | undefined {
  const merged = pulls
    .filter(({ mergedAt }) => mergedAt !== undefined)
    .sort((a, b) => ((a.mergedAt ?? '') < (b.mergedAt ?? '') ? 1 : -1));
  return merged.find(({ mergeCommit }) => mergeCommit === sha) ?? merged[0];
}

function reviewOf(marker: PostMarker | undefined, pull: number): Review['reviewed'] {
  const there = `Pull request ${pull}`;
  if (marker === undefined) {
    return { why: `${there} has no plan of llmform for this project file and these targets.` };
  }
  if (marker.state === 'applied') return { why: `The plan of pull request ${pull} was applied already.` };
  if (marker.plan === '') return { why: `${there} has no plan on record that could be applied.` };
  if (marker.truncated) {
    return { why: `The plan in pull request ${pull} was too long for a comment: it does not count as seen.` };
  }
  return { fingerprint: marker.plan };
}

function refusal(summary: string, detail: string): ExitError {
  return new ExitError(EXIT.refused, error('stale', summary, { detail }));
}
