import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { LlmformError } from '../../model/llmform-error.js';
import { VendorError } from '../../model/vendor-error.js';
import type { Sanitize } from '../http/parse-response.js';
import { findProxy } from '../http/proxy.js';

/** One repository on GitHub, as far as we use it. Every method throws `GitHubError`. */
export interface GitHub {
  /** The user of the token; apps and the workflow's own token end in `[bot]`. */
  login(): Promise<string>;
  /** The pull requests that a commit belongs to. */
  pullsOf(sha: string): Promise<PullRequest[]>;
  /** Open pull requests from a branch, each with its current last commit. */
  pullsFrom(owner: string, branch: string): Promise<{ number: number; head: string }[]>;
  /** The state of a pull request: the commit that it ends with, and whether it was merged. */
  pull(number: number): Promise<{ head: string; merged: boolean }>;
  /** All comments of an issue or a pull request, oldest first. */
  comments(issue: number): Promise<GitHubPost[]>;
  comment(issue: number, body: string): Promise<GitHubPost>;
  editComment(comment: GitHubPost, body: string): Promise<GitHubPost>;
  /** Folds a comment away as outdated. */
  minimize(comment: GitHubPost): Promise<void>;
  /** All open issues of an author, without pull requests. */
  openIssues(author: string): Promise<GitHubPost[]>;
  openIssue(title: string, body: string): Promise<GitHubPost>;
  editIssue(issue: GitHubPost, body: string): Promise<GitHubPost>;
  closeIssue(issue: GitHubPost, reason: 'completed' | 'not_planned'): Promise<void>;
}

/** A comment or an issue. */
export interface GitHubPost {
  /** Of a comment its id, of an issue its number. */
  id: number;
  /** Its id in the GraphQL API. */
  node: string;
  author: string;
  body: string;
  /** The page that shows it. */
  url: string;
}

export interface PullRequest {
  number: number;
  /** The branch it is for. */
  base: string;
  /** When it was merged, as ISO 8601 in UTC; undefined while it is not. */
  mergedAt: string | undefined;
  /** The commit of its merge. */
  mergeCommit: string | undefined;
}

/** GitHub refused, or could not be asked. Its message is fit to be shown. */
export class GitHubError extends LlmformError {
  override readonly name = 'GitHubError';
  readonly code = 'github';
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

/** Opens a repository, at the address in `GITHUB_API_URL`: GitHub Enterprise Server has its own. */
export function openGitHub(
  token: string,
  { owner, repo }: { owner: string; repo: string },
  clean: Sanitize,
): GitHub {
  const faults = <T>(ask: () => Promise<T>) => withGitHubErrors(ask, clean);
  const octokit = getOctokit(
    token,
    { log: SILENT, retry: { retries: 2 }, throttle: PATIENCE },
    retry,
    throttling,
  );
  const { rest } = octokit;
  const here = { owner, repo };
  const all = { ...here, per_page: 100 };
  return {
    login: () => faults(() => loginOf(token)),
    pullsOf: (sha) =>
      faults(async () => {
        const found = await octokit.paginate(rest.repos.listPullRequestsAssociatedWithCommit, {
          ...all,
          commit_sha: sha,
        });
        return found.map(({ number, base, merged_at, merge_commit_sha }) => ({
          number,
          base: base.ref,
          mergedAt: merged_at ?? undefined,
          mergeCommit: merge_commit_sha ?? undefined,
        }));
      }),
    pull: (number) =>
      faults(async () => {
        const { head, merged } = (await rest.pulls.get({ ...here, pull_number: number })).data;
        return { head: head.sha, merged };
      }),
    pullsFrom: (login, branch) =>
      faults(async () => {
        const from = `${login}:${branch}`;
        const found = await octokit.paginate(rest.pulls.list, { ...all, state: 'open', head: from });
        return found.map(({ number, head }) => ({ number, head: head.sha }));
      }),
    comments: (issue) =>
      faults(async () =>
        (await octokit.paginate(rest.issues.listComments, { ...all, issue_number: issue })).map(asPost),
      ),
    comment: (issue, body) =>
      faults(async () =>
        asPost((await rest.issues.createComment({ ...here, issue_number: issue, body })).data),
      ),
    editComment: ({ id }, body) =>
      faults(async () => asPost((await rest.issues.updateComment({ ...here, comment_id: id, body })).data)),
    minimize: ({ node }) => faults(async () => void (await octokit.graphql(MINIMIZE, { node }))),
    openIssues: (author) =>
      faults(async () => {
        const list = await octokit.paginate(rest.issues.listForRepo, {
          ...all,
          state: 'open',
          creator: author,
        });
        return list.filter(({ pull_request }) => pull_request === undefined).map(issueAsPost);
      }),
    openIssue: (title, body) =>
      // A second one would be worse than none: the next run opens it.
      faults(async () =>
        issueAsPost((await rest.issues.create({ ...here, title, body, request: { retries: 0 } })).data),
      ),
    editIssue: ({ id }, body) =>
      faults(async () => issueAsPost((await rest.issues.update({ ...here, issue_number: id, body })).data)),
    closeIssue: ({ id }, reason) =>
      faults(
        async () =>
          void (await rest.issues.update({
            ...here,
            issue_number: id,
            state: 'closed',
            state_reason: reason,
          })),
      ),
  };
}

/**
 * People's tokens may ask for their user; apps, and the token of the workflow, only GraphQL's viewer. Where neither is
 * answered it is the workflow's token: that is the default.
 */
async function loginOf(token: string): Promise<string> {
  // A read: the throttling plugin takes every GraphQL request for a write, and the comment would wait for a second.
  const octokit = getOctokit(token, { log: SILENT });
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch (error) {
    if (statusOf(error) === 401) throw error;
  }
  try {
    return (await octokit.graphql<{ viewer: { login: string } }>('{ viewer { login } }')).viewer.login;
  } catch {
    return 'github-actions[bot]';
  }
}

const MINIMIZE = `mutation ($node: ID!) {
  minimizeComment(input: { subjectId: $node, classifier: OUTDATED }) { minimizedComment { isMinimized } }
}`;

const nothing = () => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A limit that passes soon is waited for, twice; a plan does not hold a runner for an hour. */
const patient = (seconds: number, _options: object, _octokit: object, retries: number) =>
  retries < 2 && seconds <= 120;
const PATIENCE = { onRateLimit: patient, onSecondaryRateLimit: patient };

interface Written {
  node_id: string;
  user: { login: string } | null;
  html_url: string;
}

function asPost({ id, node_id, user, body, html_url }: Written & { id: number; body?: string }): GitHubPost {
  return { id, node: node_id, author: user?.login ?? '', body: body ?? '', url: html_url };
}

function issueAsPost({
  number,
  body,
  ...issue
}: Written & { number: number; body?: string | null }): GitHubPost {
  return asPost({ ...issue, id: number, body: body ?? '' });
}

async function withGitHubErrors<T>(ask: () => Promise<T>, clean: Sanitize): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw toGitHubError(error, clean);
  }
}

/** Errors with an answer have GitHub's words; other errors are of libraries, and may quote anything. */
function toGitHubError(fault: unknown, clean: Sanitize): GitHubError {
  if (fault instanceof GitHubError) return fault;
  const answered = fault instanceof Error && 'response' in fault && fault.response !== undefined;
  if (!answered) return new GitHubError(undefined, `it cannot be reached${throughProxy()}`);
  return new GitHubError(
    statusOf(fault) ?? 200,
    clean(fault.message.split('\n', 1)[0] ?? '') || 'it did not say why',
  );
}

/** The requests go by the same variables of the process as all other actions' (`@actions/http-client`). */
function throughProxy(): string {
  try {
    const proxy = findProxy(new URL(process.env.GITHUB_API_URL || 'https://api.github.com'), process.env);
    return proxy === undefined ? '' : ` through the proxy ${proxy.place}`;
  } catch (error) {
    if (error instanceof VendorError) return `: ${error.message}`;
    throw error;
  }
}

function statusOf(fault: unknown): number | undefined {
  return fault instanceof Error && 'status' in fault && typeof fault.status === 'number'
    ? fault.status
    : undefined;
}
