import { describe, expect, it } from 'vitest';
import { anamLlms, anamProject, emulate } from '../cli/project.js';
import { action, github, pullRequest } from './run.js';

describe('plan on a pull request', () => {
  it('works', async () => {
    const emulator = await emulate('anam');
    const project = await anamProject(emulator.url, anamLlms('support'));
    const hub = await github();
    hub.pulls.push({ number: 7, head: 'a'.repeat(40) });
    const t = Date.now();
    const ran = await action({
      cwd: project.path,
      env: project.env,
      inputs: { command: 'plan' },
      event: pullRequest(7, 'a'.repeat(40)),
      api: hub.url,
    });
    console.log(
      Date.now() - t,
      ran,
      hub.calls.map((c) => c.method + ' ' + c.path),
      hub.comments,
    );
    expect(ran.code).toBe(0);
  });
});
