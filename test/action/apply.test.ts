import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/leaks.js';
import { anamLlm, anamLlms, KEYS, writesTo } from '../support/project.js';
import { described, HEAD, MERGED, markerOf, scene } from '../support/pull-request.js';
import { begin } from '../support/run-action.js';

describe('apply on merge', () => {
  it('does what was reviewed, and says so where it was reviewed', async () => {
    const { anam, hub, project, plan, apply, comment } = await scene(anamLlms('support', 'sales'));
    const { fingerprint } = (await plan()).outputs;
    const ran = await apply({}, { GITHUB_ACTOR: 'octocat' });
    expect(ran.code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(2);
    expect(ran.outputs).toMatchObject({
      summary: 'Apply: 2 applied.',
      fingerprint,
      applied: '2',
      failed: '0',
      'comment-url': comment().html_url,
    });
    expect(markerOf(comment())).toMatchObject({ plan: fingerprint, state: 'applied' });
    const { by } = JSON.parse((await project.read('.llmform/history.jsonl')).split('\n')[0] ?? '');
    expect(by).toEqual({
      actor: 'octocat',
      run: 'https://github.example/octo/shop/actions/runs/77',
      pullRequest: 7,
    });
    for (const text of [comment().body, ran.summary]) expect(text).toContain('**Apply: 2 applied.**');
    expect(comment().body).toContain('Commit <code>ccccccc</code>, [this run](https://github.example/');
    expect(ran.annotations).toEqual([expect.stringMatching(/^::warning .*file=llmform\.yaml.*type: git/)]);

    // Once more: nothing is left, and what the comment says still holds.
    const { body } = comment();
    const writes = [writesTo(anam).length, hub.writes().length];
    const again = await apply();
    expect(again).toMatchObject({ code: 0, annotations: [] });
    expect(again.summary).toContain('Nothing to apply');
    expect([writesTo(anam).length, hub.writes().length]).toEqual(writes);
    expect(comment().body).toBe(body);
  });

  it('refuses what has moved since, and takes it from an input that names it', async () => {
    const { anam, project, plan, apply, run, comment } = await scene(anamLlms('support'));
    const reviewed = (await plan()).outputs.fingerprint ?? '';
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    const ran = await apply();
    expect(ran.code).toBe(4);
    const now = ran.outputs.fingerprint ?? '';
    expect(now).not.toBe(reviewed);
    expect(writesTo(anam)).toEqual([]);
    for (const text of [comment().body, ran.summary]) {
      expect(text).toContain('### llmform apply: refused, nothing was applied');
      // Lines of a comment are broken.
      expect(text.replace(/\s+/g, ' ')).toContain(`its fingerprint was ${reviewed}, and now it is ${now}`);
      expect(text).toContain('1 to create');
    }
    expect(markerOf(comment())).toMatchObject({ plan: reviewed, state: 'refused' });
    expect(ran.annotations).toEqual([expect.stringMatching(/^::error .*not the plan that was reviewed/)]);

    const dispatch = { name: 'workflow_dispatch', sha: MERGED };
    expect((await run({ command: 'apply', fingerprint: reviewed }, dispatch)).code).toBe(4);
    expect((await run({ command: 'apply', fingerprint: now }, dispatch)).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
    expect(markerOf(comment()).state).toBe('applied');
  });

  it('applies the reviewed plan after all where it comes about again', async () => {
    const { anam, project, plan, apply } = await scene(anamLlms('support'));
    await plan();
    await project.write({ 'llms/support.yaml': anamLlm('support', 'gpt-5') });
    expect((await apply()).code).toBe(4);
    await project.write(anamLlms('support'));
    expect((await apply()).code).toBe(0);
    // What was applied is done with: undone behind our back, the same plan takes a new review.
    anam.drop('LLM', String(anam.objects('LLM')[0]?.id));
    await rm(`${project.path}/.llmform`, { recursive: true });
    const again = await apply();
    expect(again.code).toBe(4);
    expect(again.summary).toContain('was applied already');
  });

  it('believes only its own posts', async () => {
    const { anam, hub, plan, apply, comment } = await scene(anamLlms('support'));
    await plan();
    const { body } = comment();
    hub.comments.length = 0;
    for (const login of ['mallory', 'other[bot]']) hub.addComment(7, body, login);
    hub.addComment(7, `See:\n${body}`);
    hub.addComment(7, body.replace('"targets":[]', '"targets":["anam"]'));
    const ran = await apply({ comment: 'never' });
    expect(ran.code).toBe(4);
    expect(ran.summary).toContain('this plan was not reviewed');
    expect(ran.summary).toContain('has no plan of llmform');
    hub.addComment(7, body.replace('"truncated":false', '"truncated":true'));
    expect((await apply({ comment: 'never' })).summary).toContain('too long for a comment');
    expect(writesTo(anam)).toEqual([]);
  });

  it('finds the pull request that the commit came from', async () => {
    const { hub, plan, apply } = await scene(anamLlms('support'));
    await plan();
    // Another one has the commit too, and one that was never merged.
    hub.pulls.push({ number: 8, head: 'd'.repeat(40), mergedAs: 'e'.repeat(40), commits: [MERGED] });
    hub.pulls.push({ number: 9, head: 'd'.repeat(40), commits: [MERGED] });
    expect((await apply()).code).toBe(0);
  });

  it('takes no pull request for another branch for a review', async () => {
    const { anam, hub, plan, apply } = await scene(anamLlms('support'));
    // Whoever may push can merge into a branch of their own, and push that to the default branch.
    hub.pulls[0] = { number: 7, head: HEAD, base: 'mine' };
    await plan();
    const ran = await apply();
    expect(ran.code).toBe(4);
    expect(ran.summary).toContain('without a pull request for refs/heads/main');
    expect(writesTo(anam)).toEqual([]);
  });

  it('refuses a commit without a pull request, unless there is nothing to do', async () => {
    const { hub, project, apply } = await scene(anamLlms('support'));
    hub.pulls.length = 0;
    const ran = await apply();
    expect(ran.code).toBe(4);
    expect(ran.summary).toContain('Commit ccccccc came here without a pull request for refs/heads/main.');
    expect(hub.writes()).toEqual([]);
    await project.run('apply', '--auto-approve');
    expect((await apply()).code).toBe(0);
  });

  it('refuses where it cannot read what was reviewed, and names the permission', async () => {
    const { hub, plan, apply } = await scene(anamLlms('support'));
    await plan();
    const message = 'Resource not accessible by integration';
    hub.failures.push({ when: ({ path }) => path.endsWith('/pulls'), status: 403, body: { message } });
    const ran = await apply();
    expect(ran.code).toBe(4);
    expect(ran.annotations[0]).toContain('Give the job the permission "pull-requests: write"');
  });

  it('runs on the default branch only, and never on a pull request', async () => {
    const { anam, run } = await scene(anamLlms('support'));
    const named = { command: 'apply', fingerprint: `sha256:${'0'.repeat(64)}` };
    const [branch, pull, target] = await Promise.all([
      run({ command: 'apply' }, { name: 'push', ref: 'refs/heads/feature' }),
      run(named, { name: 'pull_request' }),
      run({ command: 'plan' }, { name: 'pull_request_target' }),
    ]);
    expect(branch.code).toBe(4);
    expect(branch.annotations[0]).toContain('refs/heads/feature');
    expect([pull.code, target.code]).toEqual([1, 1]);
    expect(pull.annotations[0]).toContain('apply does not run on pull_request');
    expect(target.annotations[0]).toContain('plan does not run on pull_request_target');
    expect(anam.requests).toEqual([]);
  });

  it('ends red when a part failed, shows it at its manifest, and says nothing that is secret', async () => {
    const { anam, plan, apply, comment } = await scene(anamLlms('support', 'sales'));
    const { fingerprint } = (await plan()).outputs;
    const echo = { message: `bad secret ${KEYS.OPENAI} ::error::pwned <!-- llmform {} -->` };
    anam.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'status', status: 422, body: echo },
    });
    const ran = await apply();
    expect(ran.code).toBe(3);
    expect(ran.outputs).toMatchObject({ applied: '1', failed: '1', 'exit-code': '3' });
    expect(ran.annotations[0]).toMatch(
      /^::error title=llmform vendor,file=llms\/\w+\.yaml,line=1::anam\/LLM\//,
    );
    expect(markerOf(comment())).toMatchObject({ plan: fingerprint, state: 'partial' });
    for (const text of [comment().body, ran.summary])
      expect(text).toContain('**Apply: 1 applied, 1 failed.**');
    const said = new Map(Object.entries({ log: ran.log, summary: ran.summary, comment: comment().body }));
    expect(leaksIn(said, [KEYS.OPENAI])).toEqual([]);
    expect(
      ran.annotations.some((line) => line.includes('::error::pwned') && !line.startsWith('::error title')),
    ).toBe(false);
    expect(comment().body.match(/<!-- llmform/g)).toHaveLength(1);

    // What is left is another plan than the reviewed one.
    expect((await apply()).code).toBe(4);
  });

  it('prunes nothing while manifests cannot be seen', async () => {
    const { anam, project, plan, apply } = await scene(anamLlms('support', 'sales'));
    await project.run('apply', '--auto-approve');
    await rm(join(project.path, 'llms/sales.yaml'));
    await symlink('../sales.yaml', join(project.path, 'llms/sales.yaml'));
    const planned = await plan();
    expect(planned).toMatchObject({ code: 0, log: expect.stringContaining('leads nowhere') });
    const ran = await apply({ prune: 'true', 'max-delete': '1' });
    expect(ran.code).toBe(1);
    expect(ran.annotations[0]).toMatch(/^::error [^\n]*file=llms\/sales\.yaml/);
    expect(anam.objects('LLM')).toHaveLength(2);
  });

  it('keeps to the guards, and names the input that lets it through', async () => {
    const { anam, project, plan, apply } = await scene(anamLlms('support', 'sales'));
    await project.run('apply', '--auto-approve');
    await project.write({ 'llms/sales.yaml': '' });
    await plan({ prune: 'true' });
    const ran = await apply({ prune: 'true' });
    expect(ran.code).toBe(4);
    expect(ran.annotations[0]).toContain('with the input max-delete: 1');
    expect(anam.objects('LLM')).toHaveLength(2);
    expect((await apply({ prune: 'true', 'max-delete': '1' })).code).toBe(0);
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it('changes nothing without the secrets, and says which', async () => {
    const { anam, plan, apply, comment } = await scene(anamLlms('support'));
    await plan();
    const ran = await apply({}, { OPENAI: '' });
    expect(ran.code).toBe(1);
    expect(ran.annotations[0]).toContain('OPENAI is empty');
    expect(comment().body).toContain('### llmform apply: failed');
    expect(writesTo(anam)).toEqual([]);
  });

  it('finishes what is in flight when it is cancelled', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { anam, hub, plan, project, comment } = await scene(anamLlms(...names), {
      settings: '    concurrency: 1\n',
    });
    await plan();
    hub.pulls[0] = { number: 7, head: HEAD, mergedAs: MERGED };
    const { process } = await begin({
      cwd: project.path,
      env: project.env,
      inputs: { command: 'apply' },
      event: { name: 'push', sha: MERGED },
      api: hub.url,
    });
    const cancel = () => void process.kill('SIGINT');
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'meanwhile', run: cancel } });
    anam.faults.push({ match: { method: 'POST' }, effect: { type: 'slow', ms: 150 } });
    expect((await process).exitCode).toBe(130);
    const made = anam.objects('LLM').length;
    expect(made).toBeLessThan(names.length);
    expect(comment().body).toContain(`${made} applied, ${names.length - made} skipped`);
  });

  it('shows as much of a very long outcome as a comment has room for, and all of it in the summary', async () => {
    const many = Array.from({ length: 60 }, (_, i) => [`llms/o${i}.yaml`, described(`o${i}`, 'x')]);
    const { anam, plan, apply, comment } = await scene(Object.fromEntries(many), {
      settings: '    requestsPerSecond: 1000\n',
    });
    await plan({ comment: 'always' });
    const body = { message: '<>'.repeat(5000) };
    anam.faults.push({ match: { method: 'POST' }, effect: { type: 'status', status: 422, body } });
    const ran = await apply({ fingerprint: markerOf(comment()).plan });
    expect(ran.code).toBe(3);
    expect(comment().body.length).toBeLessThan(60_000);
    expect(comment().body).toContain('60 failed');
    expect(comment().body).toMatch(/\d+ more objects not shown here; all are in the \[job summary\]/);
    const rows = (text: string) => text.match(/^\| failed \|/gm)?.length ?? 0;
    expect(rows(comment().body)).toBeGreaterThan(10);
    expect(rows(ran.summary)).toBe(60);
    expect(ran.annotations).toHaveLength(10);
  });
});
