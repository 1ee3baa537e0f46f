import { hostname, userInfo } from 'node:os';
import { defined } from '../../model/defined.js';
import type { HistoryActor } from '../../model/history.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The person or machine at work: in CI as the service says, elsewhere the user and the host. */
export function describeActor(env: Env): HistoryActor {
  if (env.GITHUB_RUN_ID !== undefined) {
    return {
      actor: env.GITHUB_ACTOR || 'GitHub Actions',
      run: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`,
      ...defined({ pullRequest: numberIn(/^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '')?.[1]) }),
    };
  }
  if (env.CI_JOB_URL !== undefined) {
    return {
      actor: env.GITLAB_USER_LOGIN || 'GitLab CI',
      run: env.CI_JOB_URL,
      ...defined({ pullRequest: numberIn(env.CI_MERGE_REQUEST_IID) }),
    };
  }
  return { actor: env.USER || env.USERNAME || systemUser() || 'unknown', host: hostname() };
}

/** In a container the process's user may have no name. */
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
