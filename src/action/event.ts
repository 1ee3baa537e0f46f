import type { Workflow } from '../io/workflow.js';
import { isObject, type Json } from '../model/json.js';
import type { PullCommits } from '../run/base-commit.js';

/** What set the workflow off, as far as it matters here. */
export interface Event {
  name: string;
  /** The pull request that it is about; only in a pull request's own events. */
  pull: PullEvent | undefined;
  /** Whether the commit is on the branch that is applied. */
  onDefaultBranch: boolean;
}

export interface PullEvent extends PullCommits {
  number: number;
  /** Whether it comes from another repository. */
  fork: boolean;
}

export function readEvent({ event, payload, ref, owner, repo }: Workflow): Event {
  const branch = at(payload, 'repository', 'default_branch');
  return {
    name: event,
    pull: event === 'pull_request' ? pullOf(payload, `${owner}/${repo}`) : undefined,
    onDefaultBranch: typeof branch === 'string' && ref === `refs/heads/${branch}`,
  };
}

function pullOf(payload: Json, repository: string): Event['pull'] {
  const number = at(payload, 'pull_request', 'number');
  const head = at(payload, 'pull_request', 'head', 'sha');
  const base = at(payload, 'pull_request', 'base', 'sha');
  if (typeof number !== 'number' || typeof head !== 'string') return undefined;
  // The repository of a fork that was deleted since is null.
  return {
    number,
    head,
    base: typeof base === 'string' ? base : '',
    fork: at(payload, 'pull_request', 'head', 'repo', 'full_name') !== repository,
  };
}

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}
