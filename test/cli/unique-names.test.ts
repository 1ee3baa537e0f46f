import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { failureIn, planIn, reportIn } from '../support/output-schemas.js';
import { emulate, openProject, type Project, writesTo } from '../support/project.js';
import { parsed } from '../support/run-cli.js';

interface Wanted {
  /** The vendor's name. */
  name: string;
  workspaceId?: string;
  lifecycle?: string;
}

const llm = (address: string, { name, workspaceId = 'w1', lifecycle = '' }: Wanted) =>
  `apiVersion: llmform/v1
kind: LLM
vendor: flashback
metadata: { name: ${address} }
${lifecycle}spec:
  name: ${name}
  aiType: OPENAI
  workspaceId: ${workspaceId}
  endpoint: https://llm.example.com/v1
  secret: { fromEnv: OPENAI }
`;

const files = (wanted: Record<string, Wanted | string | undefined>) =>
  Object.fromEntries(
    Object.entries(wanted).map(([address, one]) => [
      `llms/${address}.yaml`,
      one === undefined ? '# gone\n' : llm(address, typeof one === 'string' ? { name: one } : one),
    ]),
  );

async function opened(
  wanted: Record<string, Wanted | string>,
): Promise<{ vendor: Emulator; project: Project }> {
  const vendor = await emulate('flashback');
  const project = await openProject(
    {
      'llmform.yaml': `apiVersion: llmform/v1
kind: Project
name: shop
manifests: ["llms/*.yaml"]
targets:
  flash: { vendor: flashback, baseUrl: ${JSON.stringify(vendor.url)}, auth: { fromEnv: TOKEN }, requestsPerSecond: 100 }
guards: { maxDelete: 9 }
`,
      ...files(wanted),
    },
    { TOKEN: 'flashback-emulator-token', OPENAI: 'sk-openai-secret-1' },
  );
  return { vendor, project };
}

async function applied(wanted: Record<string, Wanted | string>) {
  const { vendor, project } = await opened(wanted);
  expect((await project.run('apply', '--auto-approve', '-q')).code).toBe(0);
  vendor.requests.length = 0;
  const idOf = (name: string) => String(vendor.objects('LLM').find((one) => one.name === name)?.id);
  return {
    vendor,
    project,
    ids: Object.fromEntries(['blue', 'green', 'red', 'grey'].map((n) => [n, idOf(n)])),
  };
}

const namesAt = (vendor: Emulator) =>
  Object.fromEntries(vendor.objects('LLM').map(({ id, name }) => [String(id), name]));

async function apply(project: Project, ...flags: string[]) {
  const { code, out, err } = await project.run('apply', '--auto-approve', '--format', 'json', ...flags);
  const outcomes = Object.values(parsed(out).outcomes ?? {});
  const byAddress = Object.fromEntries(outcomes.map((one) => [String(one.address).split('/')[2], one]));
  return { code, out, err, outcomes: byAddress };
}

async function expectSettled(project: Project) {
  const { code, out } = await project.run('plan', '--detailed-exitcode', '--format', 'json');
  expect({ code, changes: planIn(out).changes }).toEqual({ code: 0, changes: [] });
}

describe('two manifests with one unique name', () => {
  it('are an offline mistake with both places', async () => {
    const { project } = await opened({
      one: 'same',
      two: 'same',
      elsewhere: { name: 'same', workspaceId: 'w2' },
      other: { name: 'same', lifecycle: 'lifecycle: { ignoreChanges: ["/name"] }\n' },
    });
    const { code, out } = await project.run('validate', '--format', 'json');
    expect(code).toBe(1);
    expect(failureOf(out)).toEqual([
      expect.objectContaining({
        code: 'duplicate',
        file: 'llms/two.yaml',
        line: 6,
        path: '/spec/name',
        summary:
          'a second LLM with the name "same" and the same workspaceId; the first is in llms/one.yaml:1',
      }),
    ]);
  });

  it('are told before anything is sent where only the live state shows it', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green' });
    const bound = (address: string, id: string | undefined) =>
      `apiVersion: llmform/v1\nkind: LLM\nvendor: flashback\nmetadata: { name: ${address}, id: ${id} }\nspec: { name: red }\n`;
    await project.write({
      'llms/blue.yaml': bound('blue', ids.blue),
      'llms/green.yaml': bound('green', ids.green),
    });
    const { code, out } = await project.run('apply', '--auto-approve', '--format', 'json');
    expect(code).toBe(1);
    expect(failureIn(out)).toEqual([
      expect.objectContaining({
        code: 'in-use',
        address: 'flash/LLM/green',
        summary: expect.stringContaining('flash/LLM/blue is to get the name "red" as well'),
      }),
    ]);
    expect(writesTo(vendor)).toEqual([]);
  });
});

describe('an object that takes the name of another', () => {
  it('is written after the one that gives it up, along a chain', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green', red: 'red' });
    await project.write(files({ blue: 'green', green: 'red', red: 'grey' }));
    expect(await apply(project)).toMatchObject({ code: 0 });
    expect(writesTo(vendor)).toEqual(['red', 'green', 'blue'].map((name) => `PUT /ai/llm/${ids[name]}`));
    expect(namesAt(vendor)).toEqual({
      [ids.blue ?? '']: 'green',
      [ids.green ?? '']: 'red',
      [ids.red ?? '']: 'grey',
    });
    await expectSettled(project);
  });

  it('is written after the one that is deleted, replaced or moved elsewhere', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green', red: 'red' });
    await project.write(
      files({ blue: 'green', green: undefined, another: 'red', red: { name: 'red', workspaceId: 'w2' } }),
    );
    expect(await apply(project, '--prune')).toMatchObject({ code: 0 });
    const writes = writesTo(vendor);
    expect(writes.indexOf(`DELETE /ai/llm/${ids.green}`)).toBeLessThan(
      writes.indexOf(`PUT /ai/llm/${ids.blue}`),
    );
    expect(writes.filter((write) => !/PUT|green/.test(write)).slice(-2)).toEqual([
      'POST /ai/llm',
      'POST /ai/llm',
    ]);
    expect(Object.values(namesAt(vendor)).sort()).toEqual(['green', 'red', 'red']);
    await expectSettled(project);
  });

  it('is left alone, with those that wait for it, while the other is not deleted without --prune', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green', red: 'red' });
    await project.write(files({ blue: 'green', green: undefined, red: 'blue', fresh: 'grey' }));
    const { out, err } = await project.run('plan');
    const why = `the name "green" is that of flash/LLM/green (${ids.green}), which has no manifest any more`;
    expect(out).toContain(`left alone: ${why}`);
    expect(err).toContain(`flash/LLM/blue is left alone (update): ${why}`);
    expect(out).toContain(
      `the name "blue" is that of flash/LLM/blue (${ids.blue}), which is left alone itself`,
    );
    const planned = planIn((await project.run('plan', '--format', 'json')).out);
    expect(Object.values(planned.changes ?? {}).map(({ name, blocked }) => [name, blocked?.reason])).toEqual([
      ['blue', 'in-use'],
      ['fresh', undefined],
      ['green', undefined],
      ['red', 'in-use'],
    ]);
    const { code, outcomes } = await apply(project);
    expect(code).toBe(3);
    expect(outcomes).toMatchObject({
      blue: { status: 'skipped', error: { code: 'in-use' } },
      red: { status: 'skipped', error: { code: 'in-use' } },
      fresh: { status: 'applied' },
    });
    expect(writesTo(vendor)).toEqual(['POST /ai/llm']);
    expect(await apply(project, '--prune')).toMatchObject({ code: 0 });
    await expectSettled(project);
  });

  it('is left alone while the other is protected, keeps its name, or is not ours', async () => {
    const { vendor, project, ids } = await applied({
      blue: 'blue',
      green: { name: 'green', lifecycle: 'lifecycle: { preventDestroy: true }\n' },
      red: 'red',
      grey: 'grey',
    });
    const theirs = vendor.put('LLM', { name: 'theirs', workspaceId: 'w1', aiType: 'OPENAI' });
    await project.write(
      files({
        blue: 'green',
        green: undefined,
        red: 'theirs',
        grey: { name: 'black', lifecycle: 'lifecycle: { ignoreChanges: ["/name"] }\n' },
        fresh: 'grey',
      }),
    );
    const { out } = await project.run('plan', '--prune');
    expect(out).toContain(
      `the name "green" is that of flash/LLM/green (${ids.green}), which is left alone itself`,
    );
    expect(out).toContain(`the name "theirs" is that of ${theirs}, which no manifest covers`);
    expect(out).toContain(`the name "grey" is that of flash/LLM/grey (${ids.grey}), which keeps it`);
    expect((await apply(project, '--prune')).code).toBe(3);
    expect(writesTo(vendor)).toEqual([]);
  });

  it('is not written where the other could not give it up', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green' });
    await project.write(files({ blue: 'green', green: 'red' }));
    vendor.faults.push({
      match: { method: 'PUT', path: new RegExp(`/ai/llm/${ids.green}`) },
      effect: { type: 'status', status: 403, body: { success: false, message: 'no' } },
    });
    const { code, outcomes } = await apply(project);
    expect(code).toBe(3);
    expect(outcomes).toMatchObject({
      green: { status: 'failed' },
      blue: {
        status: 'skipped',
        error: { code: 'blocked', message: 'flash/LLM/green, which it depends on, was not applied' },
      },
    });
    expect(writesTo(vendor)).toEqual([`PUT /ai/llm/${ids.green}`]);
  });

  it('has no way in a swap: that is an error with the way out, and nothing is sent', async () => {
    const { vendor, project, ids } = await applied({ blue: 'blue', green: 'green', red: 'red' });
    await project.write(files({ blue: 'green', green: 'blue', red: 'grey' }));
    const planned = await project.run('plan');
    expect(planned.code).toBe(1);
    const why = `the name "green" is that of flash/LLM/green (${ids.green}), which waits for this object in turn`;
    expect(planned.err).toContain(
      `error[in-use] llms/blue.yaml:1 flash/LLM/blue is left alone (update): ${why}`,
    );
    expect(planned.err).toContain('Give one of them a name of its own first');
    expect((await project.run('apply', '--auto-approve')).code).toBe(1);
    expect(writesTo(vendor)).toEqual([]);
    await project.write(files({ blue: 'passing', green: 'blue', red: 'grey' }));
    expect((await apply(project)).code).toBe(0);
    await project.write(files({ blue: 'green' }));
    expect((await apply(project)).code).toBe(0);
    await expectSettled(project);
  });
});

describe('a name that is taken only when it is written', () => {
  it.each([400, 409, 'success-false'])(
    'is refused with the object that holds it: %s',
    async (duplicateName) => {
      const { vendor, project } = await applied({ blue: 'blue' });
      vendor.options.duplicateName = duplicateName;
      let theirs = '';
      vendor.faults.push({
        match: { method: 'PUT' },
        times: 1,
        effect: {
          type: 'meanwhile',
          run: () => {
            theirs = vendor.put('LLM', { name: 'green', workspaceId: 'w1', aiType: 'OPENAI' });
          },
        },
      });
      await project.write(files({ blue: 'green' }));
      const { code, out, outcomes } = await apply(project);
      expect(code).toBe(3);
      reportIn(out);
      expect(outcomes.blue).toMatchObject({
        status: 'failed',
        error: {
          code: 'conflict',
          message: expect.stringContaining(`the name "green" is that of ${theirs}`),
        },
      });
    },
  );
});

function failureOf(out: string) {
  return Object.values(parsed(out).diagnostics ?? {});
}
