import { DiagnosticError } from '../model/diagnostic.js';
import { isObject, type Json } from '../model/json.js';
import type { Plan } from '../model/plan.js';
import { offlineDocument } from '../report/index.js';
import { readArtifact } from './fork-artifact.js';

/** The run of a fork that has ended, as GitHub itself tells of it. */
export interface ForkRun {
  headSha: string;
  /** Whose branch it was. */
  owner: string;
  branch: string;
  /** The page of that run. */
  url: string;
}

/** What posting needs of GitHub. */
export interface ForkGitHub<Comment extends ForkComment> {
  /** Who the token speaks as. */
  login(): Promise<string>;
  /** Open pull requests from a branch, each with the commit that it ends with now. */
  pullsFrom(owner: string, branch: string): Promise<{ number: number; head: string }[]>;
  /** All comments of a pull request, oldest first. */
  comments(pull: number): Promise<Comment[]>;
  comment(pull: number, body: string): Promise<Comment>;
  editComment(comment: Comment, body: string): Promise<Comment>;
}

export interface ForkComment {
  author: string;
  body: string;
  url: string;
}

/** Which comment it is: as the workflow says, never as the artifact does. */
export interface ForkKey {
  config: string;
  /** Sorted; empty means all. */
  targets: readonly string[];
}

export type Posted =
  | { kind: 'posted' | 'unchanged'; pull: number; url: string }
  /** Nothing was posted, and nothing is wrong. */
  | { kind: 'skipped'; why: string };

/**
 * `command: post`: puts the offline plan of a fork's run onto its pull request. The artifact is a stranger's: it decides
 * nothing but what stands in the plan. Throws `DiagnosticError`, and what `github` throws.
 */
export async function postForkPlan<Comment extends ForkComment>(
  artifact: Uint8Array,
  run: ForkRun,
  key: ForkKey,
  github: ForkGitHub<Comment>,
): Promise<Posted> {
  const { headSha, config, targets, state, plan } = readArtifact(artifact);
  if (headSha !== run.headSha) throw mismatch('it is about another commit than the run that made it');
  if (!isSame(key, { config, targets })) {
    throw mismatch('its config or targets are not those of this step: give both workflows the same inputs');
  }
  const pulls = await github.pullsFrom(run.owner, run.branch);
  const [pull, another] = pulls.filter(({ head }) => head === run.headSha);
  if (pull === undefined) return { kind: 'skipped', why: noPull(pulls.length) };
  if (another !== undefined) {
    return {
      kind: 'skipped',
      why: 'this commit ends several pull requests, and the run does not say which it was for',
    };
  }
  const rest = `in the [job summary](${run.url})`;
  const { text } = offlineDocument(plan, state, { limit: LIMIT, rest });
  const body = [marker(key), PREFACE, '', text, ...leftOut(plan, rest)].join('\n');
  return await sticky(pull.number, key, body, github);
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
    throw new DiagnosticError({
      severity: 'error',
      code: 'usage',
      summary: 'command: post runs only on workflow_run, after a run that a pull request started',
      detail: 'examples/github/fork-comment.yml of llmform shows such a workflow.',
    });
  }
  return { headSha: run.head_sha, owner, branch: run.head_branch, url: run.html_url };
}

/** Characters of the plan; GitHub takes 65,536 in all. */
const LIMIT = 60_000;

const PREFACE = `### llmform offline plan

> Made by a run of this pull request's own code, without credentials. **Nobody has verified it**: whoever wrote the pull request could have changed what it says.`;

function isSame(a: ForkKey, b: ForkKey): boolean {
  const [left, right] = [a, b].map(({ config, targets }) => JSON.stringify([config, [...targets].sort()]));
  return left === right;
}

/** What had no room in the artifact already; the plan counts it. */
function leftOut({ summary: { noop: _same, ...counts }, changes }: Plan, rest: string): string[] {
  const more = Object.values(counts).reduce((sum, count) => sum + count, 0) - changes.length;
  return more > 0 ? [`_${more} more not shown here; all are ${rest}._`, ''] : [];
}

async function sticky<Comment extends ForkComment>(
  pull: number,
  key: ForkKey,
  body: string,
  github: ForkGitHub<Comment>,
): Promise<Posted> {
  const [login, comments] = [await github.login(), await github.comments(pull)];
  const first = marker(key);
  const old = comments
    .filter(({ author, body }) => author === login && body.split(/\r?\n/, 1)[0] === first)
    .at(-1);
  if (old === undefined) {
    const { url } = await github.comment(pull, body);
    return { kind: 'posted', pull, url };
  }
  if (sameText(old.body, body)) return { kind: 'unchanged', pull, url: old.url };
  const { url } = await github.editComment(old, body);
  return { kind: 'posted', pull, url };
}

/** GitHub gives back what it was sent, but for the ends of lines and of the text. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.trimEnd();
}

/** Never that of a plan: an apply takes nothing from this comment for reviewed. */
function marker({ config, targets }: ForkKey): string {
  const json = JSON.stringify({ v: 1, config, targets });
  const inert = json.replaceAll('--', '-\\u002d').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
  return `<!-- llmform-fork ${inert} -->`;
}

function noPull(others: number): string {
  return others > 0
    ? 'the pull request has moved on to another commit, and the run for that one posts its own plan'
    : 'no open pull request ends with this commit any more';
}

function mismatch(why: string): DiagnosticError {
  return new DiagnosticError({
    severity: 'error',
    code: 'file',
    summary: `the plan of the fork is not posted: ${why}`,
  });
}
