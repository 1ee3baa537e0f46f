import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { GoodmemOptions } from '../../src/emulator/vendors/goodmem/options.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { each, start } from '../support/emulators.js';

const path = '/v1/llms';
const capabilities = {
  supportsChat: true,
  supportsCompletion: false,
  supportsFunctionCalling: true,
  supportsSystemMessages: true,
  supportsStreaming: false,
  supportsSamplingParameters: true,
};
const credentials = { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: 'sk-very-secret' } };
const llm = {
  displayName: 'Support',
  providerType: 'OPENAI',
  endpointUrl: 'https://api.openai.com/v1',
  modelIdentifier: 'gpt-4o',
};

async function account(options: Partial<GoodmemOptions> = {}, seed: JsonObject = {}) {
  const { emulator, send } = await start<GoodmemOptions>('goodmem', options);
  const id = emulator.put('LLM', { ...llm, capabilities, ...seed });
  return { emulator, send, id, object: `${path}/${id}` };
}

describe('GoodMem LLMs', () => {
  it('creates in a wrapper with defaults, nulls and times in milliseconds, without credentials', async () => {
    const { emulator, send } = await start<GoodmemOptions>('goodmem');
    const llmId = randomUUID();
    const { body, text } = await send('POST', path, { ...llm, llmId, capabilities, credentials });
    expect(body.statuses).toBeNull();
    expect(body.llm).toMatchObject({
      ...llm,
      llmId,
      capabilities,
      apiPath: '/chat/completions',
      supportedModalities: ['TEXT'],
      labels: {},
      description: null,
      maxContextLength: null,
      createdAt: expect.any(Number),
    });
    expect(text).not.toContain('sk-very-secret');
    expect(emulator.secrets('LLM', llmId)).toEqual({ credentials });
    expect((await send('GET', `${path}/${llmId}`)).body).toEqual(body.llm);
    expect((await send('GET', path)).body).toEqual({ llms: [body.llm] });
  });

  it('infers missing capabilities flag by flag and says so', async () => {
    const { send } = await start<GoodmemOptions>('goodmem');
    const { supportsCompletion: _, ...five } = capabilities;
    const { body } = await send('POST', path, { ...llm, capabilities: five });
    expect(body.llm?.capabilities).toEqual({ ...five, supportsCompletion: true });
    expect(each(body.statuses, 'code')).toEqual(['LLM_CAPABILITY_INFERRED']);
  });

  it('updates only what is sent, bare, and deletes once', async () => {
    const { send, object } = await account({}, { version: '1', description: 'old' });
    const { body } = await send('PUT', object, { description: '', modelIdentifier: 'gpt-5' });
    expect(body).toMatchObject({ modelIdentifier: 'gpt-5', description: null, version: '1' });
    expect((await send('DELETE', object)).status).toBe(204);
    expect((await send('DELETE', object)).status).toBe(404);
    expect((await send('GET', object)).status).toBe(404);
    expect((await send('GET', `${path}/not-a-uuid`)).status).toBe(400);
  });

  it.each<[string, Json]>([
    ['no endpoint', { displayName: 'x', providerType: 'OPENAI', modelIdentifier: 'm' }],
    ['an endpoint that is no URL', { ...llm, endpointUrl: 'nowhere' }],
    ['an unknown provider', { ...llm, providerType: 'ACME' }],
    ['a name of 256 characters', { ...llm, displayName: 'x'.repeat(256) }],
    ['an empty model', { ...llm, modelIdentifier: '' }],
    ['an unknown modality', { ...llm, supportedModalities: ['SMELL'] }],
    ['an id that is no UUID', { ...llm, llmId: 'support' }],
    ['a null name', { ...llm, displayName: null }],
    ['a fractional context length', { ...llm, maxContextLength: 1.5 }],
    ['topP above 1', { ...llm, defaultSamplingParams: { topP: 1.1 } }],
    ['maxTokens of 0', { ...llm, defaultSamplingParams: { maxTokens: 0 } }],
    ['a label that is no string', { ...llm, labels: { a: 1 } }],
    [
      '21 labels',
      { ...llm, labels: Object.fromEntries([...Array(21).keys()].map((key) => [`k${key}`, ''])) },
    ],
    ['the label fields of an update', { ...llm, mergeLabels: {} }],
    ['empty credentials', { ...llm, credentials: {} }],
    ['an unspecified kind', { ...llm, credentials: { kind: 'CREDENTIAL_KIND_UNSPECIFIED' } }],
    ['a key kind without a key', { ...llm, credentials: { kind: 'CREDENTIAL_KIND_API_KEY' } }],
    [
      'a secret both inline and by reference',
      {
        ...llm,
        credentials: { ...credentials, apiKey: { inlineSecret: 's', secretRef: { uri: 'env://X' } } },
      },
    ],
    ['two kinds of credentials', { ...llm, credentials: { ...credentials, gcpAdc: { scopes: [] } } }],
    ['a dialect of another provider', { ...llm, dashscopeApiDialect: 'OPENAI_COMPATIBLE' }],
    ['an unknown field', { ...llm, model: 'gpt-4o' }],
  ])('refuses to create with %s', async (_, body) => {
    const { emulator, send } = await start<GoodmemOptions>('goodmem');
    expect((await send('POST', path, body)).status).toBe(400);
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['an immutable field', { providerType: 'VLLM' }],
    ['an owner', { ownerId: randomUUID() }],
    ['labels', { labels: {} }],
    ['both ways to write labels', { replaceLabels: {}, mergeLabels: { a: '1' } }],
    ['an empty model', { modelIdentifier: '' }],
    ['a blank apiPath', { apiPath: '' }],
    ['empty credentials', { credentials: {} }],
    ['nothing', {}],
    ['nothing but empty modalities', { supportedModalities: [] }],
    ['nothing but an ignored null', { description: null }],
  ])('refuses to update with %s', async (_, body) => {
    const { emulator, send, object } = await account();
    const before = emulator.objects('LLM');
    expect((await send('PUT', object, body)).status).toBe(400);
    expect(emulator.objects('LLM')).toEqual(before);
  });

  it('merges or replaces labels, never more than 20', async () => {
    const { send, object } = await account({}, { labels: { a: '1', b: '2' } });
    expect((await send('PUT', object, { mergeLabels: { b: '3', c: '4' } })).body.labels).toEqual({
      a: '1',
      b: '3',
      c: '4',
    });
    expect((await send('PUT', object, { replaceLabels: { d: '5' } })).body.labels).toEqual({ d: '5' });
    const many = Object.fromEntries([...Array(20).keys()].map((key) => [`k${key}`, '']));
    expect((await send('PUT', object, { mergeLabels: many })).status).toBe(400);
    expect((await send('PUT', object, { replaceLabels: {} })).body.labels).toEqual({});
  });

  it('answers 409 to an id in use and to an equal connection, credentials included', async () => {
    const { send, id } = await account({}, { credentials });
    expect((await send('POST', path, { ...llm, llmId: id, modelIdentifier: 'other' })).status).toBe(409);
    const same = { ...llm, endpointUrl: 'https://API.openai.com:443/v1/', credentials };
    expect((await send('POST', path, same)).status).toBe(409);
    const rotated = { ...credentials, apiKey: { inlineSecret: 'sk-new' } };
    expect((await send('POST', path, { ...same, credentials: rotated })).status).toBe(200);
  });

  it('filters the list', async () => {
    const { emulator, send } = await account({}, { labels: { team: 'a' } });
    emulator.put('LLM', { ...llm, providerType: 'VLLM', labels: { team: 'b' } });
    const count = async (query: string) => (await send('GET', `${path}?${query}`)).body.llms;
    expect(await count('providerType=VLLM')).toHaveLength(1);
    expect(await count('label.team=a')).toHaveLength(1);
    expect(await count('label[team]=c')).toHaveLength(0);
    expect((await send('GET', `${path}?page=2`)).status).toBe(400);
  });
});

describe('GoodMem switches', () => {
  it.each([
    ['B', '1.0.260', 400],
    ['C', '1.0.320', 200],
  ] as const)('generation %s', async (generation, version, status) => {
    const { emulator, send, object } = await account({ generation }, { credentials });
    const info = await fetch(`${emulator.url}/v1/system/info`);
    expect(await info.json()).toMatchObject({ version });
    const dashscope = { ...llm, providerType: 'DASHSCOPE', dashscopeApiDialect: 'OPENAI_COMPATIBLE' };
    expect((await send('POST', path, dashscope)).status).toBe(status);
    const shown = await send('GET', `${object}?includeCredentials=true`);
    expect(shown.status).toBe(status);
    expect(shown.text.includes('sk-very-secret')).toBe(generation === 'C');
    expect((await send('GET', `${path}?label[a]=1`)).status).toBe(status);
  });

  it('createStatus and deleteStatus', async () => {
    const { send, object } = await account({ createStatus: 201, deleteStatus: 200 });
    expect((await send('POST', path, { ...llm, modelIdentifier: 'other' })).status).toBe(201);
    const gone = await send('DELETE', object);
    expect(gone).toMatchObject({ status: 200, text: '' });
  });

  it.each([
    ['null', null, null],
    ['empty', '', null],
    ['absent', undefined, undefined],
  ] as const)('unset %s', async (unset, version, clientConfig) => {
    const { emulator, send, object } = await account();
    await send('GET', path);
    emulator.options.unset = unset;
    const { body } = await send('GET', object);
    expect(body.version).toBe(version);
    expect(body.clientConfig).toBe(clientConfig);
    expect((await send('GET', path)).body.llms).toEqual([body]);
  });

  it('legacyStrings', async () => {
    const seed = {
      maxContextLength: 8,
      labels: { a: '1' },
      defaultSamplingParams: { topP: 0.5, stopSequences: ['x'] },
    };
    const { send, object } = await account({ legacyStrings: true }, seed);
    expect((await send('GET', object)).body).toMatchObject({
      maxContextLength: '8',
      labels: '{"a":"1"}',
      capabilities: { supportsChat: 'true', supportsCompletion: 'false' },
      defaultSamplingParams: { topP: '0.5', stopSequences: '["x"]' },
      createdAt: expect.stringMatching(/^\d+$/),
    });
  });

  it.each([
    ['reject', 400, capabilities],
    [
      'false',
      200,
      {
        ...Object.fromEntries(Object.keys(capabilities).map((key) => [key, false])),
        supportsStreaming: true,
      },
    ],
    ['keep', 200, { ...capabilities, supportsStreaming: true }],
  ] as const)('missingCapability %s', async (missingCapability, status, after) => {
    const { send, object } = await account({ missingCapability });
    expect((await send('PUT', object, { capabilities: { supportsStreaming: true } })).status).toBe(status);
    expect((await send('GET', object)).body.capabilities).toEqual(after);
  });

  it.each([
    ['replace', { topP: 1 }],
    ['merge', { topP: 1, topK: 4 }],
  ] as const)('samplingOnUpdate %s', async (samplingOnUpdate, after) => {
    const { send, object } = await account({ samplingOnUpdate }, { defaultSamplingParams: { topK: 4 } });
    const { body } = await send('PUT', object, { defaultSamplingParams: { topP: 1 } });
    expect(body.defaultSamplingParams).toEqual(after);
  });

  it.each([
    ['keep', 200, 'old'],
    ['clear', 200, null],
    ['reject', 400, 'old'],
  ] as const)('nullOnUpdate %s', async (nullOnUpdate, status, after) => {
    const { send, object } = await account({ nullOnUpdate }, { description: 'old' });
    expect((await send('PUT', object, { displayName: 'New', description: null })).status).toBe(status);
    expect((await send('GET', object)).body.description).toBe(after);
  });

  it('emptyUpdate noop', async () => {
    const { send, object } = await account({ emptyUpdate: 'noop' });
    expect((await send('PUT', object, {})).status).toBe(200);
  });

  it.each([
    ['conflict', 409],
    ['crash', 500],
    ['allow', 200],
  ] as const)('duplicateOnUpdate %s', async (duplicateOnUpdate, status) => {
    const { emulator, send, object } = await account({ duplicateOnUpdate });
    emulator.put('LLM', { ...llm, modelIdentifier: 'taken' });
    expect((await send('PUT', object, { modelIdentifier: 'taken' })).status).toBe(status);
    const after = status === 200 ? 'taken' : 'gpt-4o';
    expect((await send('GET', object)).body.modelIdentifier).toBe(after);
  });

  it.each([
    [false, 'https://API.x.test:443/v1/'],
    [true, 'https://api.x.test/v1'],
  ])('storesCanonicalUrl %s', async (storesCanonicalUrl, after) => {
    const { send, object } = await account({ storesCanonicalUrl });
    const { body } = await send('PUT', object, { endpointUrl: 'https://API.x.test:443/v1/' });
    expect(body.endpointUrl).toBe(after);
  });

  it('hiddenFromList hides from the list alone', async () => {
    const { emulator, send, id, object } = await account();
    emulator.options.hiddenFromList.add(id);
    expect((await send('GET', path)).body.llms).toHaveLength(0);
    expect((await send('GET', object)).status).toBe(200);
  });

  it('echoesCredentials', async () => {
    const { emulator, send, object } = await account({}, { credentials });
    for (const asked of [path, object]) expect((await send('GET', asked)).text).not.toContain('sk-very');
    emulator.options.echoesCredentials = true;
    for (const asked of [path, object]) expect((await send('GET', asked)).text).toContain('sk-very-secret');
  });

  it('labels limits keys and values', async () => {
    const { emulator, send, object } = await account();
    expect((await send('PUT', object, { mergeLabels: { 'llmform.address': 'a/LLM/b' } })).status).toBe(200);
    expect((await send('PUT', object, { mergeLabels: { 'no spaces': '' } })).status).toBe(400);
    emulator.options.labels = { max: 20, key: /./, longestValue: 3 };
    expect((await send('PUT', object, { mergeLabels: { 'no spaces': '' } })).status).toBe(200);
    expect((await send('PUT', object, { mergeLabels: { a: 'long' } })).status).toBe(400);
  });

  it('redirectTo', async () => {
    const { send } = await account({ redirectTo: 'https://elsewhere.test' });
    const { status, headers } = await send('GET', path);
    expect(status).toBe(307);
    expect(headers.get('location')).toBe('https://elsewhere.test/v1/llms');
  });

  it.each([
    ['error', /^\{"error":/],
    ['message', /^\{"message":/],
    ['text', /^LLM /],
    ['empty', /^$/],
  ] as const)('errorBody %s', async (errorBody, text) => {
    const { send } = await account({ errorBody });
    expect((await send('GET', `${path}/${randomUUID()}`)).text).toMatch(text);
  });

  it('unknownMembers ignore', async () => {
    const { send, object } = await account({ unknownMembers: 'ignore' });
    const { status, body } = await send('PUT', object, { displayName: 'New', providerType: 'VLLM', typo: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ displayName: 'New', providerType: 'OPENAI' });
    expect(body).not.toHaveProperty('typo');
  });
});
