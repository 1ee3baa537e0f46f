import { describe, expect, it } from 'vitest';
import { planIn } from '../support/output-schemas.js';
import {
  anamLlms,
  anamProject,
  emulate,
  KEYS,
  liveAvatarPair,
  openProject,
  writesTo,
} from '../support/project.js';
import { llmform } from '../support/run-cli.js';

const LIVEAVATAR = (url: string) => ({
  'llmform.yaml': `apiVersion: llmform/v1
kind: Project
name: avatars
manifests: ["llms/*.yaml"]
targets:
  here: { vendor: liveavatar, baseUrl: ${JSON.stringify(url)}, auth: { fromEnv: LIVEAVATAR_KEY } }
`,
  'llms/guide.yaml': liveAvatarPair('guide'),
});

describe('llmform plan', () => {
  it('shows what would change, on stdout, and sends nothing but reads', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { code, out, err } = await project.run('plan');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('+ create LLM/support  llms/support.yaml:1');
    expect(out).toContain('Plan: 1 to create.');
    expect(out).not.toContain(KEYS.OPENAI);
    expect(writesTo(anam)).toEqual([]);
  });

  it('names the source of a secret, also in JSON, and the object whose id is not known yet', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    expect((await project.run('plan')).out).toContain('(sensitive, from OPENAI)');
    const json = (await project.run('plan', '--format', 'json')).out;
    expect(planIn(json).changes?.[0]?.fields).toContainEqual({
      path: '/secret',
      cause: 'manifest',
      sensitive: true,
      from: [{ fromEnv: 'OPENAI' }],
    });

    const avatars = await emulate('liveavatar');
    const two = await openProject(LIVEAVATAR(avatars.url), {
      LIVEAVATAR_KEY: 'liveavatar-emulator-key',
      ...KEYS,
    });
    const { out } = await two.run('plan');
    expect(out).toContain('/secret_id     (known after apply: Secret/openai)');
  });

  it('folds equal warnings, and shows each for --log-level debug', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('one', 'two', 'three'));
    const { OPENAI: _, ...env } = project.env;
    const plan = (...flags: string[]) => llmform(['plan', ...flags], { cwd: project.path, env });
    const { err } = await plan();
    expect(err.match(/^warning/gm)).toHaveLength(1);
    expect(err).toMatch(/… and 2 more: anam\/LLM\/t\w+, anam\/LLM\/t\w+\n3 warnings\n$/);
    const debug = await plan('--log-level', 'debug');
    expect(debug.err.match(/^warning/gm)).toHaveLength(3);
    const json = await plan('--format', 'json');
    expect(planIn(json.out).diagnostics).toHaveLength(3);
  });

  it('prints JSON that follows its schema: new, changed, unchanged, adopted, orphaned, deleted', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('one', 'two', 'three'));
    const plan = async (...flags: string[]) => {
      const { code, out, err } = await project.run('plan', '--format', 'json', ...flags);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return planIn(out);
    };
    expect((await plan()).summary).toMatchObject({ create: 3, noop: 0 });
    await project.run('apply', '--auto-approve');
    expect(await plan()).toMatchObject({ summary: { noop: 3 }, changes: [], requests: { write: 0 } });

    anam.put('LLM', { displayName: 'found', modelName: 'gpt-4o', llmFormat: 'openai' });
    await project.write({
      ...anamLlms('found'),
      'llms/one.yaml': (await project.read('llms/one.yaml')).replace('gpt-4o', 'gpt-5'),
      'llms/two.yaml': '',
    });
    expect((await plan()).summary).toMatchObject({ update: 1, adopt: 1, orphan: 1, noop: 1, delete: 0 });
    expect((await plan('--prune', '--adopt')).summary).toMatchObject({ delete: 1, orphan: 0, adopt: 1 });
  });

  it('prints markdown', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { code, out } = await project.run('plan', '--format', 'markdown');
    expect(code).toBe(0);
    expect(out).toContain('LLM/support');
    expect(out).toMatch(/^(#|\*\*)/);
  });

  it('writes the same plan to a file with -o, as JSON, in any format', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { out } = await project.run('plan', '--format', 'json', '-o', 'plan.json');
    expect(await project.read('plan.json')).toBe(out);
    await project.run('plan', '-o', 'again.json');
    const again = planIn(await project.read('again.json'));
    const first = planIn(out);
    expect(again.planId).not.toBe(first.planId);
    expect({ ...again, planId: first.planId }).toEqual(first);
  });

  it('says clearly that it cannot write there', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const { code, err } = await project.run('plan', '-o', 'no/such/folder/plan.json');
    expect(code).toBe(1);
    expect(err).toContain('no/such/folder/plan.json cannot be written: no such file or folder');
  });

  it('tells changes by its exit code, where asked to', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const exit = async (...flags: string[]) => (await project.run('plan', ...flags)).code;
    expect(await exit()).toBe(0);
    expect(await exit('--detailed-exitcode')).toBe(2);
    await project.run('apply', '--auto-approve');
    expect(await exit('--detailed-exitcode')).toBe(0);
    await project.write({ 'llms/support.yaml': '' });
    await project.write(anamLlms('sales'));
    await project.run('apply', '--auto-approve');
    // An orphan is shown, and is not a change.
    expect((await project.run('plan', '--detailed-exitcode')).out).toContain('orphan');
    expect(await exit('--detailed-exitcode')).toBe(0);
    expect(await exit('--detailed-exitcode', '--prune')).toBe(2);
    await anam.close();
    expect(await exit('--detailed-exitcode')).toBe(1);
  });

  it('leaves warnings out with --quiet, and prints requests in full with --log-level debug', async () => {
    const anam = await emulate('anam');
    const project = await anamProject(anam.url, anamLlms('support'));
    const noisy = await project.runWith({ OPENAI: '' }, 'plan');
    expect(noisy).toMatchObject({ code: 0, err: expect.stringContaining('warning[secret]') });
    expect(await project.runWith({ OPENAI: '' }, 'plan', '-q')).toMatchObject({ code: 0, err: '' });
    expect((await project.run('plan')).out).not.toContain('"secret":"(sensitive)"');
    expect((await project.run('plan', '--log-level', 'debug')).out).toContain('"secret":"(sensitive)"');
  });
});

describe('llmform plan with several targets', () => {
  async function twoTargets() {
    const anam = await emulate('anam');
    const other = await emulate('anam');
    const target = (name: string, url: string) =>
      `  ${name}: { vendor: anam, baseUrl: "${url}", auth: { fromEnv: ANAM_KEY } }\n`;
    const head = 'apiVersion: llmform/v1\nkind: Project\nname: shop\nmanifests: ["llms/*.yaml"]\ntargets:\n';
    const [[, llm = ''] = []] = Object.entries(anamLlms('support'));
    const on = (name: string) => llm.replace('name: support', `name: support, target: ${name}`);
    const project = await openProject(
      {
        'llmform.yaml': `${head}${target('first', anam.url)}${target('second', other.url)}`,
        'llms/first.yaml': on('first'),
        'llms/second.yaml': on('second'),
      },
      KEYS,
    );
    return { anam, other, project };
  }

  it('reads only the targets that --target names', async () => {
    const { anam, other, project } = await twoTargets();
    const { out } = await project.run('plan', '--format', 'json', '--target', 'second');
    expect(planIn(out)).toMatchObject({ options: { targets: ['second'] }, summary: { create: 1 } });
    expect([anam.requests.length, other.requests.length]).toEqual([0, 1]);
    const both = await project.run('plan', '--format', 'json', '-t', 'second', '-t', 'first');
    expect(planIn(both.out).summary).toMatchObject({ create: 2 });
  });

  it('shows the others when one cannot be read, and ends with 1', async () => {
    const { other, project } = await twoTargets();
    await other.close();
    const text = await project.run('plan', '--detailed-exitcode');
    expect(text.code).toBe(1);
    expect(text.out).toContain('+ create LLM/support  llms/first.yaml:1');
    expect(text.err).toMatch(/error\[vendor\] target second cannot be read: .* refused the connection/);
    const json = await project.run('plan', '--format', 'json');
    expect(json).toMatchObject({ code: 1, err: '' });
    expect(planIn(json.out)).toMatchObject({
      summary: { create: 1 },
      diagnostics: [{ severity: 'error', code: 'vendor' }],
    });
  });

  it('applies to the others when one cannot be read, and ends with 3', async () => {
    const { anam, other, project } = await twoTargets();
    other.faults.push({ effect: { type: 'status', status: 403 } });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(3);
    expect(err).toContain('target second cannot be read');
    expect(anam.objects('LLM')).toHaveLength(1);
  });

  it('writes nothing anywhere when one has no credential', async () => {
    const { anam, other, project } = await twoTargets();
    const file = await project.read('llmform.yaml');
    const at = file.lastIndexOf('ANAM_KEY');
    await project.write({ 'llmform.yaml': `${file.slice(0, at)}OTHER_KEY${file.slice(at + 8)}` });
    const { code, err } = await project.run('apply', '--auto-approve');
    expect(code).toBe(1);
    expect(err).toContain('target second has no credential: the environment variable OTHER_KEY is not set');
    expect(err).toContain('Nothing was applied.');
    expect([...writesTo(anam), ...writesTo(other)]).toEqual([]);
    expect((await project.run('apply', '--auto-approve', '-t', 'first')).code).toBe(0);
  });
});
