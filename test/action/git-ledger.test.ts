import { describe, expect, it } from 'vitest';
import { openHub } from '../support/git-repository.js';
import { anamLlm, anamLlms, emulate, KEYS, later, projectFile, write } from '../support/project.js';
import { HEAD, MERGED, markerOf } from '../support/pull-request.js';
import { action, github, pullRequest } from '../support/run-action.js';

describe('a ledger in git', () => {
  it('lets one runner apply what another one planned', async () => {
    const anam = await emulate('anam');
    const remote = await openHub();
    later(() => remote.remove());
    const hub = await github();
    const env = { ...KEYS, ...remote.env };
    const checkout = async (name: string, manifests: Record<string, string>) => {
      const cwd = await remote.clone(name, '--depth=1');
      await write(cwd, { 'llmform.yaml': projectFile(anam.url, 'ledger: { type: git }\n'), ...manifests });
      return { cwd, env, api: hub.url };
    };
    const push = { name: 'push', sha: MERGED };
    const first = anamLlms('support', 'sales');
    hub.pulls.push({ number: 7, head: HEAD });
    await action({
      ...(await checkout('a', first)),
      inputs: { command: 'plan' },
      event: pullRequest(7, HEAD),
    });
    hub.pulls[0] = { number: 7, head: HEAD, mergedAs: MERGED };
    const applied = await action({
      ...(await checkout('b', first)),
      inputs: { command: 'apply' },
      event: push,
    });
    expect(applied).toMatchObject({ code: 0, annotations: [] });
    expect(await remote.history()).toEqual(['llmform apply: 2 applied']);

    const next = { ...first, 'llms/support.yaml': anamLlm('support', 'gpt-5') };
    hub.pulls.push({ number: 8, head: 'b'.repeat(40) });
    const event = pullRequest(8, 'b'.repeat(40));
    const planned = await action({ ...(await checkout('c', next)), inputs: { command: 'plan' }, event });
    expect(planned.outputs.summary).toBe('Plan: 1 to update; 1 unchanged.');
    expect(hub.comments.map((comment) => [comment.issue, markerOf(comment).state])).toEqual([
      [7, 'applied'],
      [8, 'planned'],
    ]);
  });
});
