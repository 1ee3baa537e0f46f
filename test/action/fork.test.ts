import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHub } from '../support/git-repository.js';
import { anamLlm, emulate, folder, later, projectFile, write } from '../support/project.js';
import { action, github, pullRequest } from '../support/run-action.js';

const FROM = 'stranger:topic';

/** A repository whose pull request 7 comes from a fork, checked out as a runner does, and the other half of the pair. */
async function fork() {
  const anam = await emulate('anam');
  const origin = await openHub();
  later(() => origin.remove());
  const work = await origin.clone('work');
  const base = await origin.commit(work, {
    'llmform.yaml': projectFile(anam.url),
    'llms/a.yaml': anamLlm('a'),
  });
  await origin.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
  const head = await origin.commit(work, { 'llms/b.yaml': anamLlm('b') });
  await origin.git(work, 'push', '--quiet', 'origin', 'HEAD:topic');
  const cwd = await origin.clone('runner', '--depth=1', '--branch=topic');
  const hub = await github();
  hub.pulls.push({ number: 7, head, from: FROM });
  const event = pullRequest(7, head, 'stranger/shop');
  const { pull_request } = event.payload as { pull_request: { base?: object } };
  pull_request.base = { sha: base, repo: { full_name: 'octo/shop' } };
  const plan = () => action({ cwd, inputs: { command: 'plan' }, event, env: origin.env, api: hub.url });
  const run = {
    event: 'pull_request',
    head_sha: head,
    head_branch: 'topic',
    html_url: 'https://github.example/octo/shop/actions/runs/76',
    head_repository: { owner: { login: 'stranger' } },
  };
  const post = async (file: string) =>
    action({
      cwd: await folder(),
      inputs: { command: 'post', 'plan-file': file },
      event: { name: 'workflow_run', payload: { workflow_run: run } },
      api: hub.url,
    });
  return { anam, hub, cwd, plan, post };
}

describe('a pull request of a fork', () => {
  it('is planned without vendors or comments, and another workflow posts that', async () => {
    const { anam, hub, plan, post } = await fork();
    const planned = await plan();
    expect(planned).toMatchObject({ code: 0, annotations: [] });
    expect(planned.outputs).toMatchObject({
      'has-changes': 'true',
      create: '1',
      summary: 'Manifests: 1 to create; 1 unchanged.',
    });
    expect(planned.summary).toContain('compared with the base branch, not with the vendors');
    expect(planned.outputs).not.toHaveProperty('fingerprint');
    expect([hub.calls, anam.requests]).toEqual([[], []]);

    const posted = await post(planned.outputs['plan-file'] ?? '');
    expect(posted).toMatchObject({ code: 0, annotations: [] });
    const [comment] = hub.comments;
    expect(comment).toMatchObject({ issue: 7, html_url: posted.outputs['comment-url'] });
    expect(comment?.body).toContain('It is not verified');
    expect(comment?.body).toContain('<b>➕ create</b> <code>anam/LLM/b</code>');
    expect((await post(planned.outputs['plan-file'] ?? '')).code).toBe(0);
    expect(hub.writes()).toHaveLength(1);
  });

  it('with mistakes is red, says where they are, and still has something to post', async () => {
    const { hub, cwd, plan, post } = await fork();
    await writeFile(join(cwd, 'llms/b.yaml'), 'kind: LLM\n');
    const planned = await plan();
    expect(planned.code).toBe(1);
    expect(planned.annotations.join('\n')).toContain('::error title=llmform schema,file=llms/b.yaml,line=1');
    expect((await post(planned.outputs['plan-file'] ?? '')).code).toBe(0);
    expect(hub.comments[0]?.body).toContain('**Not valid: nothing was compared.**');
  });

  it('that has moved on gets nothing posted', async () => {
    const { hub, plan, post } = await fork();
    const { outputs } = await plan();
    hub.pulls[0] = { number: 7, head: 'c'.repeat(40), from: FROM };
    const posted = await post(outputs['plan-file'] ?? '');
    expect(posted.code).toBe(0);
    expect(posted.annotations.join()).toContain('moved on');
    expect(hub.writes()).toEqual([]);
  });

  it('whose artifact was tampered with gets nothing posted', async () => {
    const { hub, plan, post } = await fork();
    const { outputs } = await plan();
    const artifact = JSON.parse(await readFile(outputs['plan-file'] ?? '', 'utf8'));
    const place = await folder();
    await mkdir(join(place, 'two'));
    await write(place, {
      'sha.json': JSON.stringify({ ...artifact, headSha: 'd'.repeat(40) }),
      'long.json': JSON.stringify({ ...artifact, config: 'x'.repeat(200_001) }),
      'shape.json': JSON.stringify({ ...artifact, plan: [] }),
      'two/a.json': JSON.stringify(artifact),
      'two/b.json': JSON.stringify(artifact),
    });
    for (const name of ['sha.json', 'long.json', 'shape.json', 'two', 'none.json']) {
      const { code, annotations } = await post(join(place, name));
      expect({ name, code, said: annotations.join() }).toEqual({
        name,
        code: 1,
        said: expect.stringMatching(/not posted|not read|cannot be read/),
      });
    }
    expect(hub.calls).toEqual([]);
  });

  it('cannot be commented on without the permission, which the warning names', async () => {
    const { hub, plan, post } = await fork();
    const { outputs } = await plan();
    hub.failures.push({ when: ({ method }) => method === 'POST', status: 403, times: 9 });
    const posted = await post(outputs['plan-file'] ?? '');
    expect(posted.code).toBe(1);
    expect(posted.annotations.join()).toContain('pull-requests: write');
  });
});
