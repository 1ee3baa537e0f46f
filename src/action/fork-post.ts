import { DiagnosticError, error } from '../model/diagnostic.js';
import { isObject, type Json } from '../model/json.js';
import { asShownPlan } from '../model/plan.js';
import type { GitHub, GitHubPost } from '../platform/github/github.js';
import { offlineDocument } from '../report/index.js';
import { readArtifact } from './fork-artifact.js';
import type { PostKey } from './marker.js';
import { joinParts } from './post-layout.js';
import { type CommentApi, findOwnComments, upsertComment } from './upsert-comment.js';

/** The run of a fork that has ended, as GitHub itself tells of it. */
export interface ForkRun {
  headSha: string;
  /** Whose branch it was. */
  owner: string;
  branch: string;
  /** The page of that run. */
  url: string;
}

/** Which comment it is: as the workflow says, never as the artifact does. */
type ForkKey = Omit<PostKey, 'cmd'>;

/**
 * `command: post`: puts the offline plan of a fork's run onto its pull request. The artifact is a stranger's: it decides
 * nothing but what stands in the plan. A note says why nothing was posted though nothing is wrong. Throws
 * `DiagnosticError`, and what `github` throws.
 */
export async function postForkPlan(
  artifact: Uint8Array,
  run: ForkRun,
  key: ForkKey,
  github: CommentApi & Pick<GitHub, 'pullsFrom'>,
): Promise<GitHubPost | { note: string }> {
  const { headSha, config, targets, state, plan, leftOut } = readArtifact(artifact);
  if (headSha !== run.headSha) throw mismatch('it is about another commit than the run that made it');
  if (!isSame(key, { config, targets })) {
    throw mismatch('its config or targets are not those of this step: give both workflows the same inputs');
  }
  const pulls = await github.pullsFrom(run.owner, run.branch);
  const [pull, another] = pulls.filter(({ head }) => head === run.headSha);
  if (pull === undefined) return { note: noPull(pulls.length) };
  if (another !== undefined) {
    return { note: 'this commit ends several pull requests, and the run does not say which it was for' };
  }
  const rest = `in the [job summary](${run.url})`;
  const ours = { cmd: 'fork', ...key } as const;
  const existing = await findOwnComments(github, pull.number, ours);
  return upsertComment(github, pull.number, existing, (limit) => {
    const more = leftOut > 0 ? `_${leftOut} more not shown here; all are ${rest}._` : '';
    const room = limit - joinParts(PREFACE, more).length - 2;
    const { text, cut } = offlineDocument(asShownPlan(plan), state, { limit: room, rest });
    const truncated = cut || leftOut > 0;
    return {
      marker: { ...ours, v: 1, head: headSha, plan: '', truncated, state: 'planned' },
      text: joinParts(PREFACE, text, more),
    };
  });
}

/** The event `workflow_run`, of a run that a pull request started. Throws `DiagnosticError` for any other. */
export function readForkRun(payload: Json): ForkRun {
  const run = isObject(payload) ? payload.workflow_run : undefined;
  const repository = isObject(run) ? run.head_repository : undefined;
  const owner = isObject(repository) && isObject(repository.owner) ? repository.owner.login : undefined;
  if (
    !isObject(run) ||
    run.event !== 'pull_request' ||
    typeof run.head_sha !== 'string' ||
    typeof run.head_branch !== 'string' ||
    typeof run.html_url !== 'string' ||
    typeof owner !== 'string'
  ) {
    throw new DiagnosticError(
      error('usage', 'command: post runs only on workflow_run, after a run that a pull request started', {
        detail: 'examples/github/fork-comment.yml of llmform shows such a workflow.',
      }),
    );
  }
  return { headSha: run.head_sha, owner, branch: run.head_branch, url: run.html_url };
}

const PREFACE = `### llmform offline plan

> Made by a run of this pull request's own code, without credentials. **It is not verified**: the author of the pull request could have changed its text.`;

function isSame(a: ForkKey, b: ForkKey): boolean {
  const [left, right] = [a, b].map(({ config, targets }) => JSON.stringify([config, [...targets].sort()]));
  return left === right;
}

function noPull(others: number): string {
  return others > 0
    ? 'the pull request has moved on to another commit, and the run for that one posts its own plan'
    : 'no open pull request ends with this commit any more';
}

function mismatch(why: string): DiagnosticError {
  return new DiagnosticError(error('file', `the plan of the fork is not posted: ${why}`));
}
