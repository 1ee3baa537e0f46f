import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import type { Emulator } from '../../src/emulator/index.js';
import { createMask } from '../../src/platform/secrets/mask.js';
import { leaksIn } from '../support/leaks.js';
import { planIn } from '../support/output-schemas.js';
import {
  anamLlm,
  anamLlms,
  anamProject,
  emulate,
  KEYS,
  liveAvatarPair,
  openProject,
  type Project,
  projectFile,
  write,
  writesTo,
} from '../support/project.js';
import { capturingTerminal } from '../support/terminal.js';
import { openEngine, settled, suspensionsInMemory } from '../support/watch-engine.js';

async function shop(...names: string[]): Promise<{ anam: Emulator; project: Project }> {
  const anam = await emulate('anam');
  return { anam, project: await anamProject(anam.url, anamLlms(...names)) };
}

/** In this process, where hashing a secret is cheap: the digests have to be the same. */
async function command(project: Project, ...argv: string[]): Promise<string> {
  const terminal = capturingTerminal({ cwd: project.path, env: project.env });
  await main(argv, terminal);
  return terminal.printed().out;
}

function drift(anam: Emulator, i = 0, members: object = { modelName: 'drifted' }): void {
  anam.put('LLM', { id: String(anam.objects('LLM')[i]?.id), ...members });
}

describe('the state', () => {
  it('goes from pending over drifted to in sync, and shows the plan after an apply', async () => {
    const { anam, project } = await shop('a');
    const { daemon, target, run } = await openEngine(project);
    expect(target()).toMatchObject({ status: 'pending', runs: [], running: false });
    expect(daemon.ready()).toBe(false);
    await run('start');
    expect(target()).toMatchObject({ status: 'in-sync', held: [] });
    expect(target().plan?.changes).toEqual([]);
    expect(target().runs).toMatchObject([{ trigger: 'start', result: 'success', changes: 1, applied: 1 }]);
    expect(daemon.ready()).toBe(true);
    expect(daemon.live()).toBe(true);
    anam.faults.push({ effect: { type: 'status', status: 401 } });
    await run();
    expect(target()).toMatchObject({ status: 'failing' });
    expect(target().plan?.changes).toEqual([]);
    expect(target().diagnostics[0]?.summary).toContain('cannot be read');
  });

  it('tells listeners after changes, and keeps 50 runs', async () => {
    const { project } = await shop('a');
    const onRun = vi.fn();
    const { daemon, target, run } = await openEngine(project, {
      target: { mode: 'observe' },
      parts: { observers: [{ onRun }, { onRun: () => expect.unreachable() }] },
    });
    const listener = vi.fn();
    const stop = daemon.subscribe(listener);
    for (let i = 0; i < 52; i += 1) await run();
    expect(target().runs).toHaveLength(50);
    expect(onRun).toHaveBeenCalledTimes(52);
    await settled(() => listener.mock.calls.length >= 52);
    stop();
    const heard = listener.mock.calls.length;
    await run();
    expect(listener.mock.calls.length).toBe(heard);
  });

  it('holds no secret, also where a vendor shows one', async () => {
    const { anam, project } = await shop('a');
    const { daemon, run } = await openEngine(project, { target: { mode: 'observe' } });
    await command(project, 'apply', '--auto-approve');
    drift(anam, 0, { modelName: `gpt-${KEYS.OPENAI}` });
    await run();
    const text = JSON.stringify(daemon.state());
    expect(text).toContain('gpt-(sensitive)');
    expect(leaksIn(new Map([['state', text]]), Object.values(KEYS))).toEqual([]);
  });
});

describe('a token that is another one each time', () => {
  it('is remembered for its run, and not for ever', async () => {
    const { project } = await shop('a');
    const counting =
      'require("fs").appendFileSync("n","x");console.log("token-"+"0".repeat(20)+require("fs").statSync("n").size)';
    const manifest = anamLlm('a').replace(
      '{ fromEnv: OPENAI }',
      `{ fromCommand: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(counting)}] }`,
    );
    await project.write({ 'llms/a.yaml': manifest });
    const mask = createMask({ releasedMs: 0 });
    const context = { cwd: project.path, env: project.env, mask };
    const { run } = await openEngine(project, { context });
    for (let i = 1; i <= 3; i += 1) await run();
    // Whatever is released next shows that nothing holds on to them any more.
    mask.add('something else');
    const tokens = [1, 2, 3].map((i) => `token-${'0'.repeat(20)}${i}`);
    expect(tokens.map((token) => mask.mask(token))).toEqual(tokens);
  });
});

describe('modes', () => {
  it('heal leaves deletions alone, and says so; the rest is done', async () => {
    const { anam, project } = await shop('a', 'b');
    await command(project, 'apply', '--auto-approve');
    await project.write({ 'llms/b.yaml': anamLlm('c') });
    const { target, run } = await openEngine(project, { settings: { prune: true } });
    await run();
    expect(target()).toMatchObject({ status: 'drifted' });
    expect(target().held).toEqual(['the mode is heal: nothing is deleted or replaced']);
    expect(target().plan?.changes).toMatchObject([
      { action: 'delete', blocked: { reason: 'mode', mode: 'heal' } },
    ]);
    expect(anam.objects('LLM')).toHaveLength(3);
  });

  it('heal gives a secret a new version and keeps the old one, which apply removes', async () => {
    const vendor = await emulate('liveavatar');
    const project = await openProject(
      {
        'llmform.yaml': projectFile(vendor.url).replaceAll('anam', 'liveavatar'),
        'llms/all.yaml': liveAvatarPair('a'),
      },
      { ANAM_KEY: 'liveavatar-emulator-key', OPENAI: 'sk-before-1' },
    );
    await command(project, 'apply', '--auto-approve');
    const [old] = vendor.objects('Secret');
    project.env.OPENAI = 'sk-after-2';
    const { target, run } = await openEngine(project);
    for (let round = 1; round <= 2; round += 1) {
      await run();
      expect(target().held).toEqual(['the mode is heal: nothing is deleted or replaced']);
      expect(vendor.objects('Secret').map(({ id }) => id)).toEqual([old?.id, expect.any(String)]);
    }
    expect(vendor.objects('LLM')[0]?.secret_id).toBe(vendor.objects('Secret')[1]?.id);
    expect(writesTo(vendor).filter((sent) => sent.startsWith('DELETE'))).toEqual([]);

    const guarded = await openEngine(project, { target: { mode: 'apply' } });
    await guarded.run();
    expect(guarded.target().held).toEqual([expect.stringContaining('guards.maxDelete allows 0')]);
    await project.write({
      'llmform.yaml': `${await project.read('llmform.yaml')}guards: { maxDelete: 1 }\n`,
    });
    const { run: apply } = await openEngine(project, { target: { mode: 'apply' } });
    expect((await apply()).record.result).toBe('success');
    expect(vendor.objects('Secret')).toHaveLength(1);
  });

  it('apply holds deletions beyond the guard, and heals all the same', async () => {
    const { anam, project } = await shop('a', 'b');
    await command(project, 'apply', '--auto-approve');
    await project.write({ 'llms/b.yaml': anamLlm('c') });
    drift(anam);
    const { target, run } = await openEngine(project, {
      settings: { prune: true },
      target: { mode: 'apply' },
    });
    await run();
    expect(anam.objects('LLM').map(({ modelName }) => modelName)).toEqual(['gpt-4o', 'gpt-4o', 'gpt-4o']);
    expect(target().held).toEqual([expect.stringContaining('guards.maxDelete allows 0')]);
  });

  it('write nothing while no window is open', async () => {
    const { anam, project } = await shop('a');
    const window = { text: 'at night', isOpen: () => false };
    const { target, run } = await openEngine(project, { target: { windows: [window] } });
    await run();
    expect(writesTo(anam)).toEqual([]);
    expect(target().held).toEqual(['no sync window is open (at night)']);
  });

  it('write nothing either when the window closes while they read', async () => {
    const { anam, project } = await shop('a');
    let open = true;
    const close = () => void (open = false);
    anam.faults.push({ skip: 1, times: 1, effect: { type: 'meanwhile', run: close } });
    const window = { text: 'by day', isOpen: () => open };
    const { target, run } = await openEngine(project, { target: { windows: [window] } });
    await run();
    expect(writesTo(anam)).toEqual([]);
    expect(target().held).toEqual(['no sync window is open (by day)']);
  });

  it('run at the moment when a window opens', async () => {
    const { anam, project } = await shop('a');
    let open = false;
    const window = { text: 'soon', isOpen: () => open, opensAt: (after: number) => after + 50 };
    const { daemon, turns } = await openEngine(project, { target: { windows: [window] } });
    daemon.start();
    await settled(() => turns.length === 1);
    open = true;
    await settled(() => anam.objects('LLM').length === 1);
  });
});

describe('an approval', () => {
  it('of exactly the current plan passes mode and guards, once', async () => {
    const { anam, project } = await shop('a', 'b');
    await command(project, 'apply', '--auto-approve');
    await project.write({ 'llms/b.yaml': anamLlm('c') });
    const { daemon, target, run } = await openEngine(project, {
      settings: { prune: true },
      target: { mode: 'observe' },
    });
    await run();
    expect(daemon.approve('anam', `sha256:${'0'.repeat(64)}`)).toBe(false);
    expect(daemon.approve('nobody', target().plan?.fingerprint ?? '')).toBe(false);
    expect(daemon.approve('anam', target().plan?.fingerprint ?? '')).toBe(true);
    await settled(() => target().status === 'in-sync');
    expect(anam.objects('LLM').map(({ displayName }) => displayName)).toEqual(['a', 'c']);
    expect(target().runs.at(-1)).toMatchObject({ trigger: 'approval', applied: 2 });
    drift(anam);
    await run();
    expect(target().status).toBe('drifted');
  });

  it('of a plan that has moved lets nothing through', async () => {
    const { anam, project } = await shop('a');
    await command(project, 'apply', '--auto-approve');
    drift(anam);
    const { daemon, target, run, lines } = await openEngine(project, { target: { mode: 'observe' } });
    await run();
    drift(anam, 0, { modelName: 'again' });
    anam.requests.length = 0;
    expect(daemon.approve('anam', target().plan?.fingerprint ?? '')).toBe(true);
    await settled(() => target().runs.length === 2);
    expect(writesTo(anam)).toEqual([]);
    expect(lines().some(({ msg }) => msg.includes('not the plan any more'))).toBe(true);
    await run();
    expect(writesTo(anam)).toEqual([]);
  });

  it('of a plan that moves between planning and the first write lets nothing through', async () => {
    const { anam, project } = await shop('a');
    await command(project, 'apply', '--auto-approve');
    drift(anam);
    const { daemon, target, run } = await openEngine(project, { target: { mode: 'observe' } });
    await run();
    anam.requests.length = 0;
    const again = () => drift(anam, 0, { modelName: 'again' });
    anam.faults.push({ skip: 1, times: 1, effect: { type: 'meanwhile', run: again } });
    expect(daemon.approve('anam', target().plan?.fingerprint ?? '')).toBe(true);
    await settled(() => target().runs.length === 2);
    expect(anam.requests.length).toBe(3);
    expect(writesTo(anam)).toEqual([]);
    expect(target().plan?.changes[0]?.fields).toMatchObject([{ before: 'again' }]);
  });

  it('on the command line waits for its plan, and is used once, also over a restart', async () => {
    const { anam, project } = await shop('a');
    await command(project, 'apply', '--auto-approve');
    drift(anam);
    const { fingerprint } = planIn(await command(project, 'plan', '--format', 'json'));
    const approve = [String(fingerprint)];
    const first = await openEngine(project, { target: { mode: 'observe' }, parts: { approve } });
    await first.run();
    expect(anam.objects('LLM')[0]?.modelName).toBe('gpt-4o');
    drift(anam);
    const second = await openEngine(project, { target: { mode: 'observe' }, parts: { approve } });
    for (const { run } of [first, second]) expect((await run()).record.result).toBe('drift');
    expect(anam.objects('LLM')[0]?.modelName).toBe('drifted');
  });
});

describe('a fight', () => {
  it('is left after three healings within an hour, loudly, until the manifest changes', async () => {
    const { anam, project } = await shop('a', 'b');
    const { target, run, lines, tell } = await openEngine(project);
    await run();
    for (let round = 1; round <= 3; round += 1) {
      drift(anam);
      await run();
      expect(anam.objects('LLM')[0]?.modelName).toBe('gpt-4o');
    }
    expect(lines()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        target: 'anam',
        err: expect.objectContaining({ code: 'fight' }),
      }),
    );
    drift(anam);
    drift(anam, 1, { description: 'not ours' });
    drift(anam, 1);
    await run();
    expect(anam.objects('LLM').map(({ modelName }) => modelName)).toEqual(['drifted', 'gpt-4o']);
    expect(target()).toMatchObject({
      status: 'drifted',
      held: [expect.stringContaining('anam/LLM/a: something else')],
    });

    await project.write({ 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    tell('files');
    await settled(() => anam.objects('LLM')[0]?.modelName === 'gpt-5');
  });

  it('over an object that another party keeps removing is one too', async () => {
    const { anam, project } = await shop('a');
    const { run } = await openEngine(project);
    await run();
    for (let round = 1; round <= 4; round += 1) {
      anam.drop('LLM', String(anam.objects('LLM')[0]?.id));
      await run();
    }
    expect(anam.objects('LLM')).toEqual([]);
  });
});

describe('suspending', () => {
  it('keeps a target from being run at all, until it is resumed', async () => {
    const { anam, project } = await shop('a');
    const { daemon, target, turns } = await openEngine(project);
    await daemon.suspend('anam');
    expect(target()).toMatchObject({ status: 'suspended', suspendedBy: 'command' });
    expect(daemon.ready()).toBe(true);
    daemon.start();
    daemon.sync('webhook');
    await daemon.reload('signal');
    expect(daemon.approve('anam', '')).toBe(false);
    await daemon.resume('anam');
    await settled(() => target().status === 'in-sync');
    expect(turns).toHaveLength(1);
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it('is seen to be over even without a hint', async () => {
    const { project } = await shop('a');
    let suspended = true;
    const suspensions = { ...suspensionsInMemory(), has: () => suspended };
    const { daemon, target } = await openEngine(project, {
      parts: { suspensions },
      target: { intervalMs: 50 },
    });
    daemon.start();
    expect(target().status).toBe('suspended');
    suspended = false;
    await settled(() => target().status === 'in-sync');
  });

  it('in the project file does the same, and a run at work comes to its end', async () => {
    const { anam, project } = await shop('a', 'b', 'c');
    let suspend = true;
    const suspensions = suspensionsInMemory();
    const engine = await openEngine(project, {
      parts: { suspensions },
      target: {
        get suspend() {
          return suspend;
        },
      } as object,
    });
    engine.daemon.start();
    await engine.daemon.reload('files');
    expect(engine.target()).toMatchObject({ status: 'suspended', suspendedBy: 'project' });
    expect(anam.requests).toEqual([]);
    suspend = false;
    anam.faults.push({ match: { method: 'GET' }, times: 1, effect: { type: 'hang' } });
    await engine.daemon.reload('files');
    await settled(() => anam.requests.length === 1);
    await engine.daemon.suspend('anam');
    await settled(() => !engine.target().running);
    expect(engine.target()).toMatchObject({ status: 'suspended', suspendedBy: 'command' });
    expect(writesTo(anam)).toEqual([]);
  });
});

describe('a run', () => {
  it('that takes too long is given up', async () => {
    const { anam, project } = await shop('a');
    anam.faults.push({ effect: { type: 'hang' } });
    const { run } = await openEngine(project, { settings: { runLimitMs: 150 } });
    expect((await run()).record).toMatchObject({ result: 'error', error: { code: 'timeout' } });
  });

  it('whose plan moves before the first write plans again', async () => {
    const { anam, project } = await shop('a');
    await command(project, 'apply', '--auto-approve');
    drift(anam);
    // The first listing is that of the plan, the second one that of the apply.
    anam.faults.push({
      skip: 1,
      times: 1,
      effect: { type: 'meanwhile', run: () => drift(anam, 0, { modelName: 'other' }) },
    });
    const { run } = await openEngine(project);
    expect((await run()).record).toMatchObject({ result: 'success', applied: 1 });
    expect(anam.objects('LLM')[0]?.modelName).toBe('gpt-4o');
  });
});

describe('what trying again cannot mend', () => {
  const soon = ({ nextRunAt = 0 }) => nextRunAt - Date.now() < 530_000;

  it.each([401, 403])(
    'such as a refused credential (%i) waits for the interval, or a change',
    async (status) => {
      const { anam, project } = await shop('a');
      anam.faults.push({ effect: { type: 'status', status } });
      const { daemon, target, turns } = await openEngine(project);
      daemon.start();
      await settled(() => turns.length === 1);
      expect(turns[0]?.record).toMatchObject({ result: 'terminal', error: { code: 'credential' } });
      expect(soon(target())).toBe(false);
      anam.faults.length = 0;
      await daemon.reload('signal');
      await settled(() => anam.objects('LLM').length === 1);
    },
  );

  it('such as a missing secret waits for the interval', async () => {
    const { anam, project } = await shop('a');
    project.env.OPENAI = '';
    const { daemon, target, turns } = await openEngine(project);
    daemon.start();
    await settled(() => turns.length === 1);
    expect(turns[0]?.record).toMatchObject({ result: 'terminal', error: { code: 'secret' } });
    expect(soon(target())).toBe(false);
    expect(writesTo(anam)).toEqual([]);
  });
});

describe('a broken start', () => {
  it('goes by the last good project where there is one, and says what is wrong', async () => {
    const { anam, project } = await shop('a');
    await write(project.path, { 'broken.yaml': 'kind: Project\n' });
    const good = {
      cwd: project.path,
      config: 'llmform.yaml',
      place: 'https://git.example/llms',
      commit: 'abc',
    };
    const source = {
      load: async () => ({ ...good, config: 'broken.yaml', commit: 'def' }),
      lastGood: async () => good,
      onChange: () => undefined,
      close: async () => undefined,
    };
    const { daemon, run } = await openEngine(project, { parts: { source } });
    expect(daemon.state().source).toMatchObject({ place: good.place, commit: 'abc' });
    expect(daemon.state().source.diagnostics.length).toBeGreaterThan(0);
    expect((await run()).record).toMatchObject({ result: 'success', commit: 'abc' });
    expect(anam.objects('LLM')).toHaveLength(1);
  });
});
