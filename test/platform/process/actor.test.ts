import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { describeActor } from '../../../src/platform/process/actor.js';

describe('who is at work', () => {
  it('is the user on this host, elsewhere than in CI', () => {
    expect(describeActor({ USER: 'ada' })).toEqual({ actor: 'ada', host: hostname() });
    expect(describeActor({ USERNAME: 'ada' })).toEqual({ actor: 'ada', host: hostname() });
    expect(describeActor({ USER: '' }).actor).not.toBe('');
  });

  it('is what GitHub says, with the page of the run, and the pull request in its own events', () => {
    const env = {
      GITHUB_RUN_ID: '77',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_ACTOR: 'octocat',
      USER: 'runner',
    };
    const run = 'https://github.example/octo/shop/actions/runs/77';
    expect(describeActor({ ...env, GITHUB_REF: 'refs/heads/main' })).toEqual({ actor: 'octocat', run });
    expect(describeActor({ ...env, GITHUB_REF: 'refs/pull/12/merge' })).toMatchObject({ pullRequest: 12 });
  });

  it('is what GitLab says', () => {
    const env = { CI_JOB_URL: 'https://gitlab.example/jobs/5', GITLAB_USER_LOGIN: 'bob' };
    expect(describeActor({ ...env, CI_MERGE_REQUEST_IID: '3' })).toEqual({
      actor: 'bob',
      run: 'https://gitlab.example/jobs/5',
      pullRequest: 3,
    });
    expect(describeActor({ ...env, CI_MERGE_REQUEST_IID: 'x' })).not.toHaveProperty('pullRequest');
  });
});
