import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/index.js';
import { openFileLedger } from '../../src/ledger/index.js';
import { anamLlm, anamLlms, anamProject, emulate, later, projectFile, writesTo } from '../support/project.js';
import { watching } from '../support/watching.js';

/** A second Anam target, called `other`. */
function other(baseUrl: string): string {
  return `  other:\n    vendor: anam\n    baseUrl: ${baseUrl}\n    auth: { fromEnv: ANAM_KEY }\n`;
}

function llmOf(target: string, name = 'a'): string {
  return anamLlm(name).replace(`name: ${name} }`, `name: ${name}, target: ${target} }`);
}

describe('a vendor that is down', () => {
  it('is tried again with back-off, delays no other target, and is in line once it is back', async () => {
    const anam = await emulate('anam');
    let down = await startEmulator('anam');
    later(() => down.close());
    const port = Number(new URL(down.url).port);
    const manifests = { 'llms/a.yaml': llmOf('anam'), 'llms/b.yaml': llmOf('other') };
    const project = await anamProject(anam.url, manifests, other(down.url));
    await down.close();
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
    await daemon.until(() => daemon.runs('other').length >= 2);
    const failed = daemon.runs('other').slice(0, 2);
    for (const [i, run] of failed.entries()) {
      expect(run).toMatchObject({ result: 'error', err: { code: 'vendor' } });
      expect(run.nextInMs).toBeLessThanOrEqual(1000 * 2 ** i);
    }
    expect(failed[1]).toMatchObject({ trigger: 'retry' });
    // How soon the retries come is left to chance.
    await daemon.until(() => daemon.runs('anam').length > 2);
    expect(daemon.runs('anam').some(({ result }) => result === 'error')).toBe(false);

    down = await startEmulator('anam', { port });
    await daemon.until(() => daemon.runs('other').at(-1)?.result === 'no_change');
    expect(down.objects('LLM')).toHaveLength(1);
    expect(daemon.runs('other').at(-1)).toMatchObject({ trigger: 'interval' });
    await daemon.end();
  });

  it('is waited for in the middle of a run, and the log says so', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a', 'b'), '    concurrency: 1\n');
    // The first requests are answered, and the next few are not.
    anam.faults.push({ skip: 3, times: 3, effect: { type: 'reset', when: 'before' } });
    anam.faults.push({ skip: 3, times: 2, effect: { type: 'status', status: 501 } });
    const daemon = watching(project, '--mode', 'heal', '--interval', '1h');
    const said = () =>
      daemon
        .lines()
        .filter(({ msg }) => /target (answers|does not)|waiting/.test(msg))
        .map(({ msg, err }) => `${msg}: ${err?.code}`);
    // The create whose connection was lost may have made an object, which would not be shown yet.
    await daemon.until(() => said().length >= 3);
    expect(said()).toEqual([
      'waiting for the target: unreachable',
      'the target answers again: undefined',
      'waiting for the target: incomplete',
    ]);
    expect(await daemon.end()).toBe(0);
  });

  it('does not keep another target from writing while it hangs in the middle of an apply', async () => {
    const [anam, slow] = [await emulate('anam'), await emulate('anam')];
    const manifests = { 'llms/a.yaml': llmOf('anam'), 'llms/b.yaml': llmOf('other') };
    const project = await anamProject(anam.url, manifests, other(slow.url));
    slow.faults.push({ match: { method: 'POST' }, times: 1, effect: { type: 'slow', ms: 2_000 } });
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
    await daemon.until(() => writesTo(slow).length === 1);
    await daemon.runsMore(1, 'anam');
    const id = String(anam.objects('LLM')[0]?.id);
    anam.put('LLM', { id, modelName: 'gpt-3.5' });
    await daemon.until(() => anam.objects('LLM')[0]?.modelName === 'gpt-4o');
    expect(daemon.runs('other')).toEqual([]);
    await daemon.until(() => slow.objects('LLM').length === 1);
    await daemon.runsMore(2, 'other');
    expect(writesTo(slow)).toHaveLength(1);
    await daemon.end();
  });

  it('that limits the rate is asked again when it says, within the same run', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    anam.faults.push({
      match: { method: 'GET' },
      times: 1,
      effect: { type: 'status', status: 429, headers: { 'retry-after': '1' } },
    });
    const daemon = watching(project, '--mode', 'heal', '--interval', '300ms');
    await daemon.runsMore(1);
    expect(daemon.runs()[0]).toMatchObject({ result: 'success' });
    expect(daemon.runs()[0]?.durationMs).toBeGreaterThanOrEqual(1000);
    await daemon.end();
  });
});

describe('the project file', () => {
  it('broken: the last good one stays active; fixed: it is taken over', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
    await daemon.runsMore(1);
    await project.write({ 'llms/a.yaml': `${anamLlm('a')}  colour: blue\n` });
    daemon.process.kill('SIGHUP');
    await daemon.until(() => daemon.lines().some(({ msg }) => msg.includes('the last good one')));
    expect(daemon.lines().find(({ msg }) => msg.includes('the last good one'))).toMatchObject({
      level: 'error',
      err: { message: expect.stringContaining('llms/a.yaml:') },
    });
    anam.put('LLM', { id: String(anam.objects('LLM')[0]?.id), modelName: 'drifted' });
    await daemon.until(() => anam.objects('LLM')[0]?.modelName === 'gpt-4o');

    await project.write({ 'llms/a.yaml': anamLlm('a', 'gpt-5') });
    daemon.process.kill('SIGHUP');
    await daemon.until(() => anam.objects('LLM')[0]?.modelName === 'gpt-5');
    await daemon.end();
  });

  it('gains a target, and loses one, without a restart', async () => {
    const [anam, second] = [await emulate('anam'), await emulate('anam')];
    const project = await anamProject(anam.url, { 'llms/a.yaml': llmOf('anam') });
    const daemon = watching(project, '--mode', 'heal', '--interval', '200ms');
    await daemon.runsMore(1);
    await project.write({
      'llmform.yaml': projectFile(anam.url, other(second.url)),
      'llms/b.yaml': llmOf('other', 'b'),
    });
    daemon.process.kill('SIGHUP');
    await daemon.until(() => second.objects('LLM').length === 1);
    await project.write({ 'llmform.yaml': projectFile(second.url).replace('anam:\n', 'other:\n') });
    await rm(join(project.path, 'llms/a.yaml'));
    daemon.process.kill('SIGHUP');
    await daemon.until(() => daemon.lines().filter(({ msg }) => msg.includes('project loaded')).length === 3);
    await daemon.runsMore(1, 'other');
    const before = daemon.runs('anam').length;
    await daemon.runsMore(3, 'other');
    expect(daemon.runs('anam')).toHaveLength(before);
    await daemon.end();
  });
});

describe('a ledger that cannot be written', () => {
  it('lets nothing be sent, is tried again, and is done once it can', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    await writeFile(join(project.path, '.llmform'), 'in the way');
    const daemon = watching(project, '--mode', 'heal', '--interval', '10m');
    await daemon.runsMore(2);
    expect(daemon.runs()[0]).toMatchObject({ result: 'error', err: { code: 'ledger' } });
    expect(writesTo(anam)).toEqual([]);
    await rm(join(project.path, '.llmform'));
    await daemon.until(() => daemon.runs().at(-1)?.result === 'success');
    expect(anam.objects('LLM')).toHaveLength(1);
    await daemon.end();
  });

  it('because another process holds it, is waited for', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('a'));
    const lock = await openFileLedger(join(project.path, '.llmform/ledger.json'), 'ledger.json').lock();
    const daemon = watching(project, '--mode', 'heal', '--interval', '10m');
    await daemon.runsMore(1);
    expect(daemon.runs()[0]).toMatchObject({
      result: 'error',
      err: { code: 'ledger', message: expect.stringContaining('another apply holds') },
    });
    expect(writesTo(anam)).toEqual([]);
    await lock.release();
    await daemon.until(() => daemon.runs().at(-1)?.result === 'success');
    expect(anam.objects('LLM')).toHaveLength(1);
    await daemon.end();
  });
});
