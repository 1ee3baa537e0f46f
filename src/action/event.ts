import { isObject, type Json } from '../model/json.js';
import type { Workflow } from '../platform/github/workflow.js';
import type { PullRequestCommits } from '../usecases/base-project.js';

/** The event that started the workflow, as far as it matters here. */
export interface WorkflowEvent {
  name: string;
  /** The pull request that it is about; only in a pull request's own events. */
  pull: PullRequestEvent | undefined;
  /** True if the commit is on the branch that is applied. */
  onDefaultBranch: boolean;
}

export interface PullRequestEvent extends PullRequestCommits {
  number: number;
  /** True if it comes from another repository. */
  fork: boolean;
}

export function readEvent({ event, payload, ref, owner, repo }: Workflow): WorkflowEvent {
  const branch = memberAt(payload, 'repository', 'default_branch');
  return {
    name: event,
    pull: event === 'pull_request' ? pullOf(payload, `${owner}/${repo}`) : undefined,
    onDefaultBranch: typeof branch === 'string' && ref === `refs/heads/${branch}`,
  };
}

function pullOf(payload: Json, repository: string): WorkflowEvent['pull'] {
  const number = memberAt(payload, 'pull_request', 'number');
  const head = memberAt(payload, 'pull_request', 'head', 'sha');
  const base = memberAt(payload, 'pull_request', 'base', 'sha');
  if (typeof number !== 'number' || typeof head !== 'string') return undefined;
  // The repository of a fork that was deleted since is null.
  return {
    number,
    head,
    base: typeof base === 'string' ? base : '',
    fork: memberAt(payload, 'pull_request', 'head', 'repo', 'full_name') !== repository,
  };
}

function memberAt(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}
