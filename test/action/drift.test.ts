import { describe, expect, it } from 'vitest';
import { anamLlms } from '../support/project.js';
import { markerOf, scene } from '../support/pull-request.js';

const schedule = { name: 'schedule' };
const drift = { command: 'drift' };

/** A repository that was applied, and its only object's id at the vendor. */
async function applied() {
  const stage = await scene(anamLlms('support'));
  await stage.project.run('apply', '--auto-approve');
  return { ...stage, id: String(stage.anam.objects('LLM')[0]?.id) };
}

describe('drift on a schedule', () => {
  it('opens one issue, keeps it up to date, and closes it when it is healed', async () => {
    const { anam, hub, project, run, id } = await applied();
    anam.put('LLM', { id, modelName: 'gpt-3' });
    const found = await run(drift, schedule);
    const [issue] = hub.issues;
    if (issue === undefined) throw new Error('there is no issue');
    expect(found).toMatchObject({
      code: 0,
      outputs: { 'has-changes': 'true', 'comment-url': issue.html_url },
    });
    expect(issue).toMatchObject({ title: 'llmform: shop has drifted', state: 'open' });
    expect(markerOf(issue)).toMatchObject({ cmd: 'drift', plan: found.outputs.fingerprint });
    expect(issue.body).toContain('gpt-3');

    const writes = hub.writes().length;
    expect((await run({ ...drift, 'fail-on-drift': 'true' }, schedule)).code).toBe(2);
    expect(hub.writes()).toHaveLength(writes);

    anam.put('LLM', { id, modelName: 'gpt-2' });
    await run(drift, schedule);
    expect(hub.issues).toHaveLength(1);
    expect(issue.body).toContain('gpt-2');

    await project.run('apply', '--auto-approve');
    const healed = await run({ ...drift, 'fail-on-drift': 'true' }, schedule);
    expect(healed).toMatchObject({ code: 0, annotations: [] });
    expect(issue).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(hub.comments.map(({ issue: of, body }) => [of, body.slice(0, 7)])).toEqual([
      [issue.number, 'Healed:'],
    ]);
  });

  it('leaves the issues of others alone, also with its own marker, and finds its own among many', async () => {
    const { anam, hub, run, id } = await applied();
    anam.put('LLM', { id, modelName: 'gpt-3' });
    await run(drift, schedule);
    const [own] = hub.issues.splice(0);
    if (own === undefined) throw new Error('there is no issue');
    const forged = hub.addIssue(own.title, own.body, 'mallory');
    const pull = Object.assign(hub.addIssue('a pull request', own.body), { pull_request: {} });
    const older = hub.addIssue(own.title, own.body);
    hub.issues.push(own);
    own.number = 5000;
    for (let i = 0; i < 130; i += 1) hub.addIssue('Something else', 'text');
    anam.put('LLM', { id, modelName: 'gpt-2' });
    await run(drift, schedule);
    expect(own.body).toContain('gpt-2');
    expect([forged, pull].map(({ state, body }) => [state, body.includes('gpt-2')])).toEqual([
      ['open', false],
      ['open', false],
    ]);
    expect(older).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  });

  it('warns where it may not write issues', async () => {
    const { anam, hub, run, id } = await applied();
    anam.put('LLM', { id, modelName: 'gpt-3' });
    hub.failures.push({ when: ({ path }) => path.endsWith('/issues'), status: 403, times: 9 });
    const ran = await run(drift, schedule);
    expect(ran).toMatchObject({
      code: 0,
      annotations: [expect.stringMatching(/^::warning .*"issues: write"/)],
    });
    expect(ran.summary).toContain('gpt-3');
    const calls = hub.calls.length;
    await run({ ...drift, comment: 'never' }, schedule);
    expect(hub.calls).toHaveLength(calls);
  });

  it('does not take what it could not read for healed', async () => {
    const { anam, hub, run, id } = await applied();
    anam.put('LLM', { id, modelName: 'gpt-3' });
    await run(drift, schedule);
    anam.faults.push({ effect: { type: 'status', status: 403 } });
    const ran = await run(drift, schedule);
    expect(ran.code).toBe(1);
    expect(hub.issues).toMatchObject([{ state: 'open' }]);
    expect((await run(drift, { name: 'pull_request' })).annotations[0]).toContain('drift does not run on');
  });
});
