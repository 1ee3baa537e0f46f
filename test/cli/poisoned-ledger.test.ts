import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import type { JsonObject } from '../../src/model/json.js';
import { emulate, openProject, type Project, writesTo } from '../support/project.js';

/** A manifest of each vendor, the one member that the tests change, and an object that others have made. */
const VENDORS = {
  anam: {
    spec: 'displayName: ours, llmFormat: openai, modelName: gpt-4o, urls: [{ url: "https://a.example/v1" }], secret: { fromEnv: OPENAI }',
    theirs: { displayName: 'Payroll', llmFormat: 'openai', modelName: 'gpt-5' },
    marked: (mark: string) => ({ metadata: { llmform: mark } }),
    changed: ['modelName: gpt-4o', 'modelName: gpt-5'],
  },
  goodmem: {
    spec: 'displayName: ours, providerType: OPENAI, endpointUrl: "https://a.example/v1", modelIdentifier: m, supportedModalities: [TEXT]',
    theirs: {
      displayName: 'Payroll',
      providerType: 'OPENAI',
      endpointUrl: 'https://a.example/v1',
      modelIdentifier: 'm',
    },
    marked: (mark: string) => ({ labels: { 'llmform.address': mark } }),
    changed: ['modelIdentifier: m,', 'modelIdentifier: n,'],
  },
  liveavatar: {
    spec: 'display_name: ours, model_name: gpt-4o, secret_id: 11111111-1111-4111-8111-111111111111',
    theirs: { display_name: 'Payroll', model_name: 'gpt-5' },
    marked: undefined,
    changed: ['model_name: gpt-4o', 'model_name: gpt-5'],
  },
  flashback: {
    spec: 'name: ours, aiType: OPENAI, workspaceId: 2f4f4a0e-8f1d-4b8e-bb2f-6a1d0e7c9a31, endpoint: "https://a.example/v1", secret: { fromEnv: OPENAI }',
    theirs: { name: 'payroll', aiType: 'OPENAI', endpoint: 'https://a.example/v1' },
    marked: undefined,
    changed: ['https://a.example/v1', 'https://b.example/v1'],
  },
} as const;

type VendorId = keyof typeof VENDORS;

const MARKED = ['anam', 'goodmem'] as const;
const UNMARKED = ['liveavatar', 'flashback'] as const;

interface Scene {
  emulator: Emulator;
  project: Project;
  /** The id of the object that the project made. */
  ours: string;
  /** Writes the ledger as a user with access to its file could. */
  poison(edit: (objects: Record<string, JsonObject>) => void): Promise<void>;
  change(): Promise<void>;
  /** Ids of the live objects. */
  ids(): unknown[];
}

const ADDRESS = 'here/LLM/ours';

async function applied(vendor: VendorId): Promise<Scene> {
  const { spec, changed } = VENDORS[vendor];
  const emulator = await emulate(vendor);
  if (vendor === 'liveavatar')
    emulator.put('Secret', { id: '11111111-1111-4111-8111-111111111111', secret_name: 'openai' });
  const manifest = (text: string) =>
    `apiVersion: llmform/v1\nkind: LLM\nvendor: ${vendor}\nmetadata: { name: ours }\nspec: { ${text} }\n`;
  const project = await openProject(
    {
      'llmform.yaml': `apiVersion: llmform/v1\nkind: Project\nname: shop\nmanifests: ["llms/*.yaml"]\ntargets:\n  here: { vendor: ${vendor}, baseUrl: "${emulator.url}", auth: { fromEnv: KEY } }\n`,
      'llms/ours.yaml': manifest(spec),
    },
    { KEY: emulator.credential, OPENAI: 'sk-openai-secret-1' },
  );
  expect(await project.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
  const read = async () => JSON.parse(await project.read('.llmform/ledger.json'));
  const before = await read();
  emulator.requests.length = 0;
  return {
    emulator,
    project,
    ours: before.objects[ADDRESS].id,
    async poison(edit) {
      const ledger = await read();
      edit(ledger.objects);
      await project.write({ '.llmform/ledger.json': JSON.stringify(ledger) });
    },
    change: () => project.write({ 'llms/ours.yaml': manifest(spec.replace(changed[0], changed[1])) }),
    ids: () => emulator.objects('LLM').map((object) => object.id ?? object.llmId ?? object.aiLlmId),
  };
}

/** An object of others, with a mark where the vendor has room for one. */
function putTheirs(emulator: Emulator, vendor: VendorId, mark?: string): string {
  const { theirs, marked } = VENDORS[vendor];
  return emulator.put('LLM', { ...theirs, ...(mark === undefined ? {} : marked?.(mark)) });
}

describe.each(MARKED)('a ledger that others wrote, at %s, where objects are marked', (vendor) => {
  it.each([
    ['another project', 'payroll/prod/LLM/payroll'],
    ['another address', 'shop/here/LLM/other'],
    ['no project', undefined],
  ])('deletes no object of %s as an earlier version', async (_whose, mark) => {
    const { emulator, project, poison, ids, change } = await applied(vendor);
    const theirs = putTheirs(emulator, vendor, mark);
    await poison((objects) => Object.assign(objects[ADDRESS] ?? {}, { retired: [theirs] }));
    const plan = await project.run('plan', '--detailed-exitcode');
    expect(plan.err).toContain(`warning[identity] ${theirs} is not removed`);
    expect(plan.err).toContain(mark ?? 'no ownership mark');

    await change();
    const { code, err } = await project.run('apply', '--auto-approve', '--max-delete', '9');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(writesTo(emulator).filter((write) => write.startsWith('DELETE'))).toEqual([]);
    expect(ids()).toContain(theirs);
    expect(await project.read('.llmform/ledger.json')).not.toContain(theirs);
  });

  it('takes over no object of another address or project', async () => {
    for (const mark of ['payroll/prod/LLM/payroll', 'shop/here/LLM/other']) {
      const { emulator, project, poison } = await applied(vendor);
      const theirs = putTheirs(emulator, vendor, mark);
      await poison((objects) => Object.assign(objects[ADDRESS] ?? {}, { id: theirs }));
      const { code, err } = await project.run('apply', '--auto-approve', '--adopt');
      expect(code).toBe(1);
      expect(err).toContain('error[identity]');
      expect(err).toContain(`marked as ${mark}`);
      expect(err).toContain('metadata.id');
      expect(writesTo(emulator)).toEqual([]);
    }
  });

  it('takes over an unmarked object only with --adopt', async () => {
    const { emulator, project, poison, ours } = await applied(vendor);
    const theirs = putTheirs(emulator, vendor);
    await poison((objects) => Object.assign(objects[ADDRESS] ?? {}, { id: theirs }));
    const plan = await project.run('plan');
    expect(plan.out).toContain('adopt LLM/ours');
    expect(plan.out).toContain('left alone: it has no ownership mark');
    expect(await project.run('apply', '--auto-approve')).toMatchObject({ code: 3 });
    expect(writesTo(emulator)).toEqual([]);

    // GoodMem takes no second object with the same connection.
    emulator.drop('LLM', ours);
    expect(await project.run('apply', '--auto-approve', '--adopt')).toMatchObject({ code: 0 });
    expect(writesTo(emulator)).toHaveLength(1);
    expect(writesTo(emulator)[0]).toContain(theirs);
    expect((await project.run('plan', '--detailed-exitcode')).err).not.toContain('no ownership mark');
  });

  it('prunes no object without our mark', async () => {
    for (const mark of ['payroll/prod/LLM/payroll', undefined]) {
      const { emulator, project, poison, ids } = await applied(vendor);
      const theirs = putTheirs(emulator, vendor, mark);
      await poison((objects) => {
        objects['here/LLM/old'] = { vendor, id: theirs, applied: {} };
      });
      const { err } = await project.run('apply', '--auto-approve', '--prune', '--max-delete', '9');
      expect(err).toContain(mark === undefined ? 'it has no ownership mark' : `marked as ${mark}`);
      expect(ids()).toContain(theirs);
    }
  });
});

describe.each(UNMARKED)('a ledger that others wrote, at %s, where nothing is marked', (vendor) => {
  it('has every DELETE counted in the headline and the guards', async () => {
    const { emulator, project, poison, ids, change, ours } = await applied(vendor);
    const theirs = [putTheirs(emulator, vendor), putTheirs(emulator, vendor)];
    await poison((objects) => Object.assign(objects[ADDRESS] ?? {}, { retired: theirs }));
    await change();
    const plan = await project.run('plan');
    expect(plan.out).toContain('Plan: 1 to update, 2 deletes.');
    expect(plan.out).toContain('Apply removes 2 live objects for good:');
    expect(plan.out).toContain(`deletes ${theirs[0]}, remembered as an earlier version`);
    expect(plan.err).toContain('apply will refuse this: this plan deletes or replaces 2 objects');
    const json = JSON.parse((await project.run('plan', '--format', 'json')).out);
    expect(json.changes).toMatchObject([{ action: 'update', id: ours, deletes: theirs }]);
    expect((await project.run('plan', '--format', 'markdown')).out).toContain('1 to update, 2 deletes');

    const refused = await project.run('apply', '--auto-approve');
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('--max-delete 2');
    expect(writesTo(emulator)).toEqual([]);
    expect(ids()).toHaveLength(3);
  });
});

describe('a ledger that says that the vendor does not keep a URL', () => {
  it('does not hide that the URL was moved', async () => {
    const { emulator, project, poison, ours } = await applied('anam');
    const [is, was] = ['https://evil.example/v1', 'https://a.example/v1'];
    emulator.put('LLM', { id: ours, urls: [{ url: is }] });
    await poison((objects) => {
      const pair = `=${JSON.stringify([`=[{"url":"${was}"}]`, `=[{"url":"${is}"}]`])}`;
      Object.assign(objects[ADDRESS] ?? {}, { notPersisted: { '/urls': pair } });
    });
    const { code, out, err } = await project.run('plan', '--detailed-exitcode');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('No changes') });
    expect(err).toContain('warning[not-persisted]');
    expect(err).toContain(is);
    expect(err).toContain(was);
  });
});
