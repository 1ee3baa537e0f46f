import { describe, expect, it } from 'vitest';
import type { AnamOptions } from '../../src/emulator/vendors/anam/options.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { each, start } from '../support/emulators.js';

const path = '/v1/llms';
const own = `${path}?includeDefaults=false`;
const builtIn = `${path}/a7cf662c-2ace-4de1-a21e-ef0fbf144bb7`;
const url = 'https://api.openai.com/v1/chat/completions';
const llm = {
  displayName: 'Support',
  urls: [{ url }],
  llmFormat: 'openai',
  modelName: 'gpt-4o',
  secret: 'sk-very-secret',
};

async function account(options: Partial<AnamOptions> = {}, seed: JsonObject = {}) {
  const { emulator, send } = await start<AnamOptions>('anam', options);
  const id = emulator.put('LLM', { ...llm, ...seed });
  return { emulator, send, id, object: `${path}/${id}` };
}

describe('Anam LLMs', () => {
  it('creates with 201 and never returns the secret', async () => {
    const { emulator, send } = await start<AnamOptions>('anam');
    const { status, body, text } = await send('POST', path, llm);
    expect(status).toBe(201);
    expect(body).toMatchObject({ displayName: 'Support', urls: [{ url }], metadata: {}, updatedAt: null });
    expect(text).not.toContain('sk-very-secret');
    expect(emulator.secrets('LLM', String(body.id))).toEqual({ secret: 'sk-very-secret' });
    expect(emulator.objects('LLM')).toEqual([body]);
  });

  it('updates only what is sent, takes url for urls, and deletes once with 204', async () => {
    const { emulator, send, id, object } = await account();
    const { status, body } = await send('PUT', object, { url: 'https://x.test/v1', secret: 'sk-new' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      displayName: 'Support',
      urls: [{ url: 'https://x.test/v1' }],
      updatedAt: expect.any(String),
    });
    expect(body).not.toHaveProperty('url');
    expect(emulator.secrets('LLM', id)).toEqual({ secret: 'sk-new' });
    expect((await send('DELETE', object)).status).toBe(204);
    expect((await send('DELETE', object)).status).toBe(404);
    expect((await send('GET', object)).status).toBe(404);
  });

  it.each<[string, Json]>([
    ['a missing secret', { displayName: 'x', urls: [], llmFormat: 'openai', modelName: 'm' }],
    ['null', { ...llm, description: null }],
    ['a format of the update', { ...llm, llmFormat: 'anthropic' }],
    ['url in place of urls', { ...llm, url }],
    ['an endpoint without its url', { ...llm, urls: [{}] }],
    ['an endpoint that is no URI', { ...llm, urls: [{ url: 'nowhere' }] }],
    ['metadata that is no object', { ...llm, metadata: [] }],
    ['an unknown effort', { ...llm, reasoningEffort: 'extreme' }],
    ['an unknown field', { ...llm, model: 'gpt-4o' }],
    ['a read-only field', { ...llm, isDefault: true }],
  ])('refuses to create with %s', async (_, body) => {
    const { emulator, send } = await start<AnamOptions>('anam');
    expect((await send('POST', path, body)).status).toBe(400);
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it.each<[string, JsonObject, number]>([
    ['a format of the update', { llmFormat: 'anthropic' }, 200],
    ['a format of the create', { llmFormat: 'gemini' }, 400],
    ['urls', { urls: [{ url }] }, 400],
    ['null', { description: null }, 400],
  ])('answers an update with %s as documented', async (_, body, status) => {
    const { send, object } = await account();
    expect((await send('PUT', object, body)).status).toBe(status);
  });

  it('refuses changes of the built-in ones, which are always there', async () => {
    const { emulator, send } = await start<AnamOptions>('anam');
    expect((await send('GET', builtIn)).body).toMatchObject({
      isDefault: true,
      createdByOrganizationId: null,
    });
    expect((await send('PUT', builtIn, { displayName: 'Mine' })).status).toBe(403);
    expect((await send('DELETE', builtIn)).status).toBe(403);
    expect((await send('GET', `${path}?includeDefaults=true`)).body.meta?.total).toBe(2);
    expect((await send('GET', own)).body).toMatchObject({ data: [], meta: { total: 0 } });
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it('has no PATCH', async () => {
    const { send, object } = await account();
    expect((await send('PATCH', object, {})).status).toBe(405);
  });
});

describe('Anam pages', () => {
  async function crowd(count: number, options: Partial<AnamOptions> = {}) {
    const { emulator, send } = await start<AnamOptions>('anam', options);
    for (let index = 0; index < count; index += 1) emulator.put('LLM', { displayName: `llm-${index}` });
    const names = async (query: string) =>
      each((await send('GET', `${own}&${query}`)).body.data, 'displayName');
    return { emulator, send, names };
  }

  it('come with page numbers and true totals', async () => {
    const { send } = await crowd(25);
    expect((await send('GET', own)).body.meta).toEqual({
      total: 25,
      lastPage: 3,
      currentPage: 1,
      perPage: 10,
      prev: null,
      next: 2,
    });
    const last = (await send('GET', `${own}&page=3`)).body;
    expect(last.data).toHaveLength(5);
    expect(last.meta).toMatchObject({ prev: 2, next: null });
  });

  it.each([
    'page=0',
    'page=x',
    'perPage=0',
    'perPage=1.5',
    'includeDefaults=no',
    'limit=10',
    'page=1&page=2',
  ])('refuse %s', async (query) => {
    const { send } = await crowd(1);
    expect((await send('GET', `${path}?${query}`)).status).toBe(400);
  });

  it('perPageOverLimit', async () => {
    const { emulator, send } = await crowd(150);
    expect((await send('GET', `${own}&perPage=100`)).body.data).toHaveLength(100);
    expect((await send('GET', `${own}&perPage=150`)).status).toBe(400);
    emulator.options.perPageOverLimit = 'clamp';
    const { body } = await send('GET', `${own}&perPage=150`);
    expect(body.data).toHaveLength(100);
    expect(body.meta).toMatchObject({ perPage: 100, lastPage: 2 });
  });

  it('search, defaultPerPage and newest-first', async () => {
    const { names } = await crowd(12, { defaultPerPage: 2, order: 'newest-first' });
    expect(await names('page=1')).toEqual(['llm-11', 'llm-10']);
    expect(await names('search=LLM-3')).toEqual(['llm-3']);
  });

  it('order shifting repeats one object and never shows another', async () => {
    const { names } = await crowd(4, { order: 'shifting', defaultPerPage: 2 });
    const both = [...(await names('page=1')), ...(await names('page=2'))];
    expect(both).toHaveLength(4);
    expect(new Set(both).size).toBe(3);
  });

  it('includeDefaults decides only where the query does not', async () => {
    const { emulator, send } = await crowd(1);
    expect((await send('GET', path)).body.meta?.total).toBe(3);
    emulator.options.includeDefaults = false;
    expect((await send('GET', path)).body.meta?.total).toBe(1);
    expect((await send('GET', `${path}?includeDefaults=true`)).body.meta?.total).toBe(3);
  });

  it('listsGlobals shows what others share, and it stays theirs', async () => {
    const { emulator, send } = await crowd(0);
    const id = emulator.put('LLM', { isGlobal: true, createdByOrganizationId: 'somebody-else' });
    expect((await send('GET', own)).body.meta?.total).toBe(0);
    emulator.options.listsGlobals = true;
    expect((await send('GET', own)).body.meta?.total).toBe(1);
    expect((await send('DELETE', `${path}/${id}`)).status).toBe(403);
  });

  it('lastPageOfEmpty', async () => {
    const { emulator, send } = await crowd(0);
    expect((await send('GET', own)).body.meta?.lastPage).toBe(1);
    emulator.options.lastPageOfEmpty = 0;
    expect((await send('GET', own)).body.meta?.lastPage).toBe(0);
  });
});

describe('Anam switches', () => {
  it.each([
    ['replace', { b: 2 }],
    ['merge', { a: 1, b: 2 }],
  ] as const)('metadataOnUpdate %s', async (metadataOnUpdate, metadata) => {
    const { send, object } = await account({ metadataOnUpdate }, { metadata: { a: 1 } });
    expect((await send('PUT', object, { metadata: { b: 2 } })).body.metadata).toEqual(metadata);
  });

  it.each([
    ['store', 200, 0.5, { url, region: 'eu' }],
    ['drop', 200, null, { url }],
    ['reject', 400, null, { url }],
  ] as const)('unlisted %s', async (unlisted, status, temperature, endpoint) => {
    const { send, object } = await account({ unlisted });
    expect((await send('PUT', object, { temperature: 0.5 })).status).toBe(status);
    expect((await send('GET', object)).body.temperature).toBe(temperature);
    const created = await send('POST', path, { ...llm, urls: [{ url, region: 'eu' }] });
    expect(created.status).toBe(status === 200 ? 201 : 400);
    if (status === 200) expect(created.body.urls).toEqual([endpoint]);
  });

  it.each([
    ['reject', 400, url],
    ['ignore', 200, url],
    ['accept', 200, 'https://x.test/'],
  ] as const)('urlsOnUpdate %s', async (urlsOnUpdate, status, after) => {
    const { send, object } = await account({ urlsOnUpdate });
    expect((await send('PUT', object, { urls: [{ url: 'https://x.test/' }] })).status).toBe(status);
    expect((await send('GET', object)).body.urls).toEqual([{ url: after }]);
  });

  it.each([
    ['replace-all', 200, ['https://x.test/']],
    ['replace-first', 200, ['https://x.test/', 'https://b.test/']],
    ['reject', 400, ['https://a.test/', 'https://b.test/']],
  ] as const)('urlOnSeveral %s', async (urlOnSeveral, status, after) => {
    const urls = [{ url: 'https://a.test/' }, { url: 'https://b.test/' }];
    const { send, object } = await account({ urlOnSeveral }, { urls });
    expect((await send('PUT', object, { url: 'https://x.test/' })).status).toBe(status);
    const read = (await send('GET', object)).body.urls;
    expect(each(read, 'url')).toEqual(after);
  });

  it('fillsRegion', async () => {
    const { send } = await account({ fillsRegion: true });
    expect((await send('POST', path, llm)).body.urls).toEqual([{ url, region: 'default' }]);
  });

  it.each([
    ['sample', null, {}, undefined],
    ['null', null, null, null],
    ['absent', undefined, undefined, undefined],
    ['empty', '', {}, undefined],
  ] as const)('unset %s', async (unset, description, metadata, reasoningEffort) => {
    const { emulator, send, object } = await account();
    await send('GET', object);
    // The switch must reach texts that were kept from an earlier answer.
    emulator.options.unset = unset;
    const { body } = await send('GET', object);
    expect(body.description).toEqual(description);
    expect(body.metadata).toEqual(metadata);
    expect(body.reasoningEffort).toEqual(reasoningEffort);
  });

  it.each([
    ['noop', 200],
    ['reject', 400],
  ] as const)('emptyUpdate %s', async (emptyUpdate, status) => {
    const { send, object } = await account({ emptyUpdate });
    expect((await send('PUT', object, {})).status).toBe(status);
    expect((await send('GET', object)).body.updatedAt).toBeNull();
  });

  it.each([
    ['error', /^\{"error":"[^"]+"\}$/],
    ['message', /^\{"message":"[^"]+"\}$/],
    ['details', /sk-very-secret/],
    ['empty', /^$/],
    ['html', /^<!doctype html>/],
  ] as const)('errorBody %s', async (errorBody, text) => {
    const { send } = await account({ errorBody });
    const answer = await send('POST', path, { ...llm, llmFormat: 'smoke' });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(text);
    if (errorBody !== 'details') expect(answer.text).not.toContain('sk-very-secret');
  });

  it('unknownMembers ignore', async () => {
    const { send } = await account({ unknownMembers: 'ignore' });
    const { status, body } = await send('POST', path, { ...llm, typo: 1 });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('typo');
  });
});
