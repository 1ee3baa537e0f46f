import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.js';
import type { Plan } from '../../../src/model/plan.js';
import { documentsOf } from '../../support/document.js';
import {
  OTHER_SECRET,
  openSandbox,
  readsFrom,
  type Sandbox,
  SECRET,
  writesTo,
} from '../../support/sandbox.js';

const of = documentsOf('goodmem');
const flags = {
  supportsChat: true,
  supportsCompletion: false,
  supportsFunctionCalling: true,
  supportsSystemMessages: true,
  supportsStreaming: true,
  supportsSamplingParameters: true,
};
const base: JsonObject = {
  displayName: 'One',
  providerType: 'OPENAI',
  endpointUrl: 'https://llm.example.com/v1',
  modelIdentifier: 'gpt-4o',
  credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: { fromEnv: 'SECRET' } } },
};
const llm = (more: JsonObject = {}, name = 'one') => of('LLM', name, { ...base, ...more });

describe('a client configuration that is shared with others', () => {
  it('is sent back with their integers beyond 2^53 as they are', async () => {
    const lifecycle = { ignoreChanges: ['/clientConfig/theirs'] };
    const shared = (retries: number) => ({ ...llm({ clientConfig: { retries } }), lifecycle });
    const sandbox = await settled({}, shared(1));
    const llmId = sandbox.emulator.objects('LLM')[0]?.llmId ?? '';
    sandbox.emulator.put('LLM', { llmId, clientConfig: { retries: 1, theirs: 12345678901234567890n } });
    sandbox.declare(shared(2));
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')[0]?.clientConfig).toEqual({
      retries: 2,
      theirs: 12345678901234567890n,
    });
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

describe('a part of a field that is ignored', () => {
  const config = (timeout: number, attempts: number) => ({
    clientConfig: { timeout, retry: { attempts, wait: 1 }, steps: [{ name: 'a', size: attempts }] },
  });
  const lifecycle = { ignoreChanges: ['/clientConfig/retry/attempts', '/clientConfig/steps/0/size'] };
  const one = (timeout: number, attempts: number) => ({ ...llm(config(timeout, attempts)), lifecycle });

  it('is sent when the object is created, and then as it is live', async () => {
    const sandbox = await settled({}, one(1, 1));
    expect(sandbox.emulator.objects('LLM')).toMatchObject([config(1, 1)]);
    const llmId = sandbox.emulator.objects('LLM')[0]?.llmId ?? '';
    sandbox.emulator.put('LLM', { llmId, ...config(1, 7) });
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    sandbox.declare(one(2, 3));
    const { plan } = await sandbox.plan();
    expect(plan.changes[0]?.fields).toMatchObject([
      { path: '/clientConfig', cause: 'manifest', after: config(2, 7).clientConfig },
    ]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([config(2, 7)]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);

    sandbox.emulator.put('LLM', { llmId, ...config(9, 8) });
    expect((await sandbox.plan()).plan.changes[0]?.fields).toMatchObject([
      { path: '/clientConfig', cause: 'drift', after: config(2, 8).clientConfig },
    ]);
  });

  it('is sent with a replacement', async () => {
    const sandbox = await settled({}, one(1, 1));
    const llmId = sandbox.emulator.objects('LLM')[0]?.llmId ?? '';
    sandbox.emulator.put('LLM', { llmId, ...config(1, 7) });
    sandbox.declare({ ...llm({ ...config(1, 1), providerType: 'VLLM' }), lifecycle });
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ ...config(1, 1), providerType: 'VLLM' }]);
  });
});

describe('labels without room for the mark', () => {
  const labels = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`label-${i}`, 'x']));
  const markOf = (sandbox: Sandbox) => {
    const { labels: found } = sandbox.emulator.objects('LLM')[0] ?? {};
    return isObject(found) ? found['llmform.address'] : undefined;
  };
  const notes = ({ plan }: { plan: Plan }) =>
    plan.diagnostics.flatMap(({ code, summary }) => (code === 'identity' ? [summary] : []));

  it('are all the vendor takes, and the LLM is known by its id', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'goodmem' } } });
    sandbox.declare(llm({ labels: labels(20) }));
    expect(notes(await sandbox.plan())).toEqual([
      'here/LLM/one has no room for the ownership mark, because its labels are full',
    ]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ labels: labels(20) }]);
    expect(markOf(sandbox)).toBeUndefined();
    const again = await sandbox.plan('--detailed-exitcode');
    expect([again.code, notes(again)]).toEqual([0, []]);

    sandbox.loseLedger();
    expect((await sandbox.plan('--trust-secrets')).plan.changes).toEqual([]);
    expect((await sandbox.apply('--trust-secrets')).code).toBe(0);
    sandbox.declare(llm({ labels: { ...labels(20), 'label-0': 'y' } }));
    expect(notes(await sandbox.plan())).toEqual([]);
    sandbox.declare(llm({ displayName: 'Two', labels: labels(20) }, 'two'));
    expect((await sandbox.plan('--prune')).plan.summary).toMatchObject({ delete: 1 });
  });

  it('push the mark out, and let it in again', async () => {
    const sandbox = await settled({}, llm({ labels: labels(19) }));
    expect(markOf(sandbox)).toBe('tests/here/LLM/one');
    sandbox.declare(llm({ labels: labels(20) }));
    expect(notes(await sandbox.plan())).toHaveLength(1);
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ replaceLabels: labels(20) }]);
    sandbox.declare(llm({ labels: labels(18) }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(markOf(sandbox)).toBe('tests/here/LLM/one');
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('may be those of others, on an object that is adopted', async () => {
    const sandbox = await settled({});
    const { credentials: _, ...theirs } = base;
    sandbox.emulator.put('LLM', { ...theirs, labels: labels(20) });
    sandbox.declare(llm({ version: '2' }));
    expect(notes(await sandbox.plan('--adopt'))).toHaveLength(1);
    expect((await sandbox.apply('--adopt')).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([{ labels: labels(20), version: '2' }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

describe('members that the schema does not know', () => {
  it('go into the objects around them', async () => {
    const one = (seed: number, supportsVision: boolean) => ({
      ...llm({ defaultSamplingParams: { maxTokens: 10, seed }, capabilities: { supportsVision } }),
      lifecycle: { allowUnknown: ['/defaultSamplingParams/seed', '/capabilities/supportsVision'] },
    });
    const sandbox = await settled({ unknownMembers: 'keep' }, one(1, true));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(one(2, false));
    expect((await sandbox.apply()).code).toBe(0);
    expect(sandbox.emulator.objects('LLM')).toMatchObject([
      { defaultSamplingParams: { maxTokens: 10, seed: 2 }, capabilities: { supportsVision: false } },
    ]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

describe('declared capabilities', () => {
  const live = (sandbox: Sandbox) => sandbox.emulator.objects('LLM')[0]?.capabilities;

  it.each(['reject', 'false', 'keep'])(
    'are ours, and the others are sent as they are live: a missing one %s',
    async (missingCapability) => {
      const sandbox = await settled({ missingCapability }, llm({ capabilities: { supportsChat: true } }));
      const llmId = sandbox.emulator.objects('LLM')[0]?.llmId ?? '';
      const theirs = { ...flags, supportsChat: true };
      sandbox.emulator.put('LLM', { llmId, capabilities: theirs });
      expect((await sandbox.plan()).plan.changes).toEqual([]);

      sandbox.declare(llm({ capabilities: { supportsChat: false } }));
      expect((await sandbox.plan()).plan.changes[0]?.fields).toEqual([
        { path: '/capabilities/supportsChat', before: true, after: false, cause: 'manifest' },
      ]);
      expect((await sandbox.apply()).code).toBe(0);
      expect(bodies(sandbox)).toEqual([{ capabilities: { ...theirs, supportsChat: false } }]);
      expect((await sandbox.plan()).plan.changes).toEqual([]);

      sandbox.emulator.put('LLM', { llmId, capabilities: { ...theirs, supportsChat: true } });
      expect((await sandbox.plan()).plan.changes[0]?.fields).toMatchObject([{ cause: 'drift' }]);
      sandbox.declare(llm());
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it('are sent alone with a create, and survive a replacement with the others', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'goodmem' } } });
    sandbox.declare(llm({ capabilities: { supportsChat: false } }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toMatchObject([{ capabilities: { supportsChat: false } }]);
    const llmId = sandbox.emulator.objects('LLM')[0]?.llmId ?? '';
    sandbox.emulator.put('LLM', { llmId, capabilities: { ...flags, supportsChat: false } });
    sandbox.declare(llm({ capabilities: { supportsChat: false }, providerType: 'VLLM' }));
    expect((await sandbox.apply('--max-delete', '1')).code).toBe(0);
    expect(live(sandbox)).toEqual({ ...flags, supportsChat: false });
  });

  it('are left alone where they are ignored', async () => {
    const one = (supportsChat: boolean, supportsStreaming: boolean) => ({
      ...llm({ capabilities: { supportsChat, supportsStreaming } }),
      lifecycle: { ignoreChanges: ['/capabilities/supportsChat'] },
    });
    const sandbox = await settled({}, one(true, true));
    sandbox.declare(one(false, true));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(one(false, false));
    expect((await sandbox.apply()).code).toBe(0);
    expect(live(sandbox)).toMatchObject({ supportsChat: true, supportsStreaming: false });
  });
});

describe('the id of a GoodMem LLM', () => {
  it('is made here, and the same on every machine', async () => {
    const ids = [];
    for (const _ of ['one machine', 'another']) {
      const sandbox = await settled({}, llm());
      ids.push(sandbox.emulator.objects('LLM')[0]?.llmId);
    }
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
    expect(ids[0]).toBe(ids[1]);
  });

  it('differs between projects', async () => {
    const mine = await settled({}, llm());
    const theirs = await openSandbox({
      targets: { here: { vendor: 'goodmem' } },
      project: { name: 'another' },
    });
    theirs.declare(llm());
    await theirs.apply();
    expect(idIn(theirs)).not.toBe(idIn(mine));
  });

  it('that is taken already is looked at, and nothing is made twice', async () => {
    const sandbox = await settled({}, llm());
    const id = idIn(sandbox);
    // Hidden from the list and forgotten here, so that a create runs into it.
    const hidden = sandbox.emulator.options.hiddenFromList;
    if (hidden instanceof Set) hidden.add(id);
    sandbox.loseLedger();
    const { code, report } = await sandbox.apply();
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { outcomes: [{ error: { code: 'conflict' } }] },
    });
    expect(sandbox.emulator.objects('LLM')).toHaveLength(1);
    expect((await sandbox.apply()).code).toBe(0);
    expect(idIn(sandbox)).toBe(id);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

describe('a managed LLM that the list leaves out', () => {
  it('is read by itself before anything is concluded', async () => {
    const sandbox = await settled({}, llm(), llm({ modelIdentifier: 'two' }, 'two'));
    const id = sandbox.ledger().objects['here/LLM/one']?.id ?? '';
    const hidden = sandbox.emulator.options.hiddenFromList;
    if (hidden instanceof Set) hidden.add(id);
    const { plan } = await sandbox.plan();
    expect(plan.changes).toEqual([]);
    expect(readsFrom(sandbox.emulator)).toEqual(['/v1/llms', `/v1/llms/${id}`]);
  });
});

describe('what GoodMem is sent', () => {
  it('is all six flags, whichever changed', async () => {
    const sandbox = await settled({}, llm({ capabilities: flags }));
    sandbox.declare(llm({ capabilities: { ...flags, supportsCompletion: true } }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ capabilities: { ...flags, supportsCompletion: true } }]);
  });

  it.each(['reject', 'false', 'keep'])(
    'suits a server that takes missing flags so: %s',
    async (missingCapability) => {
      const sandbox = await settled({ missingCapability }, llm({ capabilities: flags }));
      sandbox.declare(llm({ capabilities: { ...flags, supportsStreaming: false } }));
      expect((await sandbox.apply()).code).toBe(0);
      expect((await sandbox.plan()).plan.changes).toEqual([]);
    },
  );

  it.each(['replace', 'merge'])('is the whole of the sampling parameters: %s', async (samplingOnUpdate) => {
    const sandbox = await settled(
      { samplingOnUpdate },
      llm({ defaultSamplingParams: { maxTokens: 10, topP: 0.5 } }),
    );
    sandbox.declare(llm({ defaultSamplingParams: { maxTokens: 20, topP: 0.5 } }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ defaultSamplingParams: { maxTokens: 20, topP: 0.5 } }]);
    // A merging server cannot be told to drop a parameter: said once, and then left.
    sandbox.declare(llm({ defaultSamplingParams: { maxTokens: 20 } }));
    expect((await sandbox.apply()).code).toBe(samplingOnUpdate === 'merge' ? 3 : 0);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });

  it('is the credentials whole and alone when only the secret changed', async () => {
    const sandbox = await settled({}, llm());
    sandbox.env.SECRET = OTHER_SECRET;
    sandbox.env.FORMER = SECRET;
    const { plan } = await sandbox.plan();
    expect(plan.changes[0]?.fields).toEqual([
      { path: '/credentials', cause: 'manifest', sensitive: true, from: [{ fromEnv: 'SECRET' }] },
    ]);
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([
      { credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: OTHER_SECRET } } },
    ]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('is never an empty update', async () => {
    const sandbox = await settled(
      { emptyUpdate: 'reject' },
      llm({ labels: { a: '1' }, supportedModalities: ['TEXT', 'IMAGE'] }),
    );
    sandbox.declare(llm({ labels: { a: '1' }, supportedModalities: ['IMAGE', 'TEXT'] }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(writesTo(sandbox.emulator)).toEqual([]);
  });

  it('adds labels by merging, and replaces them all to take one away', async () => {
    const sandbox = await settled({}, llm({ labels: { a: '1' } }));
    sandbox.declare(llm({ labels: { a: '1', b: '2' } }));
    await sandbox.apply();
    sandbox.declare(llm({ labels: { b: '2' } }));
    await sandbox.apply();
    const mark = { 'llmform.address': 'tests/here/LLM/one' };
    expect(bodies(sandbox)).toEqual([{ mergeLabels: { b: '2' } }, { replaceLabels: { b: '2', ...mark } }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });
});

describe('what GoodMem leaves open', () => {
  const full = {
    ...base,
    capabilities: flags,
    defaultSamplingParams: { maxTokens: 10, temperature: 0.5, stopSequences: ['END'] },
    maxContextLength: 1000,
    labels: { team: 'a' },
    supportedModalities: ['IMAGE', 'TEXT'],
    clientConfig: { retries: '3', deep: { list: [1] } },
  };

  it.each([true, false])('numbers, flags and labels as strings: %s', async (legacyStrings) => {
    const sandbox = await settled({ legacyStrings }, of('LLM', 'one', full));
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(of('LLM', 'one', { ...full, maxContextLength: 2000 }));
    expect((await sandbox.apply()).code).toBe(0);
    expect(bodies(sandbox)).toEqual([{ maxContextLength: 2000 }]);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each(['null', 'empty', 'absent'])('how fields read that were never sent: %s', async (unset) => {
    const sandbox = await settled({ unset }, llm());
    expect((await sandbox.plan()).plan.changes).toEqual([]);
    sandbox.declare(llm({ description: 'New', monitoringEndpoint: 'https://status.example.com/' }));
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each([true, false])('whether URLs are stored in canonical form: %s', async (storesCanonicalUrl) => {
    const sandbox = await settled(
      { storesCanonicalUrl },
      llm({ endpointUrl: 'https://LLM.example.com:443/v1/' }),
    );
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each([true, false])('whether answers show the credentials: %s', async (echoesCredentials) => {
    // The sandbox fails the test if the secret turns up anywhere.
    const sandbox = await settled({ echoesCredentials }, llm());
    sandbox.declare(llm({ displayName: 'Two' }));
    for (const format of ['text', 'json', 'markdown']) {
      await sandbox.run('plan', '--format', format, '--log-level', 'debug');
    }
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each([
    ['B', 200, 200],
    ['C', 201, 204],
  ])('the generation %s and its statuses', async (generation, createStatus, deleteStatus) => {
    const sandbox = await settled(
      { generation, createStatus, deleteStatus },
      llm(),
      llm({ modelIdentifier: 'two' }, 'two'),
    );
    sandbox.declare(llm());
    expect((await sandbox.apply('--prune', '--max-delete', '1')).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it.each(['conflict', 'crash', 'allow'])(
    'an update that makes two the same: %s',
    async (duplicateOnUpdate) => {
      const sandbox = await settled({ duplicateOnUpdate }, llm(), llm({ modelIdentifier: 'two' }, 'two'));
      sandbox.declare(llm(), llm({}, 'two'));
      const { code, report } = await sandbox.apply();
      expect(code).toBe(duplicateOnUpdate === 'allow' ? 0 : 3);
      expect(report.summary[duplicateOnUpdate === 'allow' ? 'applied' : 'failed']).toBe(1);
      expect(sandbox.emulator.objects('LLM')).toHaveLength(2);
    },
  );

  it.each(['error', 'message', 'text', 'empty'])('what an error looks like: %s', async (errorBody) => {
    const sandbox = await settled({ errorBody }, llm());
    sandbox.declare(llm(), llm({}, 'two'));
    const { code, report } = await sandbox.apply();
    expect(code).toBe(3);
    const message = report.outcomes[0]?.error?.message ?? '';
    expect(message).toMatch(
      ['error', 'message'].includes(errorBody) ? /this connection exists/ : /in conflict/,
    );
  });

  it('does not take a duplicate of a foreign object for ours', async () => {
    const sandbox = await settled({}, llm());
    const before = sandbox.emulator.objects('LLM');
    sandbox.declare(llm(), llm({ displayName: 'Two' }, 'two'));
    expect((await sandbox.apply()).report.outcomes).toMatchObject([
      { status: 'failed', error: { code: 'conflict' } },
    ]);
    expect(sandbox.ledger().objects['here/LLM/two']).toBeUndefined();
    expect(sandbox.emulator.objects('LLM')).toEqual(before);
  });
});

function open(options: Record<string, unknown> = {}): Promise<Sandbox> {
  return openSandbox({ targets: { here: { vendor: 'goodmem', options } } });
}

async function settled(options: Record<string, unknown>, ...manifests: JsonObject[]): Promise<Sandbox> {
  const sandbox = await open(options);
  sandbox.declare(...manifests);
  expect((await sandbox.apply()).code).toBe(0);
  sandbox.emulator.requests.length = 0;
  return sandbox;
}

function idIn(sandbox: Sandbox): string {
  return String(sandbox.emulator.objects('LLM')[0]?.llmId);
}

function bodies(sandbox: Sandbox): (Json | undefined)[] {
  return writesTo(sandbox.emulator).map(({ body }) => body);
}
