import { describe, expect, it } from 'vitest';
import { loadValidWorkspace } from '../../../src/usecases/load-workspace.js';
import { openEffects } from '../../../src/usecases/open-effects.js';
import { planAndApply } from '../../../src/watch/reconcile/plan-and-apply.js';
import type { RunRequest } from '../../../src/watch/reconcile/run-request.js';
import { RunStoppedError } from '../../../src/watch/schedule/run-limit.js';
import { anamLlms, anamProject, emulate, namesAt, type Project, writesTo } from '../../support/project.js';
import { parsed } from '../../support/run-cli.js';
import { settled } from '../../support/watch-engine.js';

/** A run with signals in the test's hands. */
async function orderFor(
  { path, env }: Project,
  stop: AbortController,
  cut: AbortController,
): Promise<RunRequest> {
  const options = {
    config: 'llmform.yaml',
    target: ['anam'],
    prune: false,
    adopt: false,
    trustSecrets: false,
    rebind: [],
    allowHost: [],
    allowFile: [],
    allowCommands: false,
  };
  const workspace = await loadValidWorkspace(options, { cwd: path, env });
  return {
    workspace,
    effects: openEffects(workspace.project, { cwd: path, env }),
    options,
    policy: { mode: 'heal', closed: () => undefined, fight: () => undefined },
    approvals: [],
    limit: { stop: stop.signal, cut: cut.signal },
  };
}

describe('a run that is stopped while a write is in flight', () => {
  it('waits for the answer, but not longer than its grace; the next run makes no second object', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'), '    concurrency: 1\n');
    anam.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'hang', applied: true } });
    const [stop, cut] = [new AbortController(), new AbortController()];
    let ended = false;
    const running = planAndApply(await orderFor(project, stop, cut)).finally(() => {
      ended = true;
    });
    await settled(() => writesTo(anam).length === 1);
    stop.abort(new RunStoppedError('interrupted', 'told to stop'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(false);
    cut.abort(stop.signal.reason);
    expect(await running).toMatchObject({ run: { result: 'error', failed: 1, applied: 0 } });
    expect(parsed(await project.read('.llmform/ledger.json')).intents).toHaveProperty('anam/LLM/a');
    await expect(project.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');

    const again = await planAndApply(await orderFor(project, new AbortController(), new AbortController()));
    expect(again).toMatchObject({ run: { result: 'success' } });
    expect(namesAt(anam)).toEqual(['a', 'b']);
  });

  it('while it reads, is over at once and leaves no lock', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const [stop, cut] = [new AbortController(), new AbortController()];
    // The second listing is that of the apply, when the ledger is locked already.
    anam.faults.push({ match: { method: 'GET' }, skip: 1, times: 1, effect: { type: 'hang' } });
    const running = planAndApply(await orderFor(project, stop, cut));
    await settled(() => anam.requests.length === 2);
    await expect(project.read('.llmform/ledger.json.lock')).resolves.toContain('pid');
    stop.abort(new RunStoppedError('timeout', 'it took too long'));
    expect(await running).toMatchObject({
      run: { result: 'error', error: { code: 'timeout', message: 'it took too long' } },
    });
    expect(writesTo(anam)).toEqual([]);
    await expect(project.read('.llmform/ledger.json.lock')).rejects.toThrow('ENOENT');
  });
});
