import { describe, expect, it } from 'vitest';
import type { FlashbackOptions } from '../../src/emulator/vendors/flashback/options.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { each, start } from '../support/emulators.js';

const path = '/ai/llm';
const llm = {
  name: 'support',
  aiType: 'OPENAI',
  endpoint: 'https://api.openai.com/v1',
  secret: 'sk-very-secret',
  workspaceId: 'w1',
};

async function account(options: Partial<FlashbackOptions> = {}, seed: JsonObject = {}) {
  const { emulator, send } = await start<FlashbackOptions>('flashback', options);
  const id = emulator.put('LLM', { ...llm, ...seed });
  return { emulator, send, id, object: `${path}/${id}` };
}

describe('Flashback AI LLMs', () => {
  it('creates with 200 and answers the id alone', async () => {
    const { emulator, send } = await start<FlashbackOptions>('flashback');
    const { status, body } = await send('POST', path, { ...llm, key: 'access-key-1234' });
    expect(status).toBe(200);
    expect(body).toEqual({ success: true, aiLlmId: expect.any(String), message: expect.any(String) });
    const listed = await send('GET', path);
    expect(listed.body.aiLlms?.[0]).toMatchObject({
      id: body.aiLlmId,
      name: 'support',
      key: '****1234',
      repos: [],
    });
    expect(listed.body.aiLlms?.[0]).not.toHaveProperty('updatedAt');
    expect(listed.text).not.toContain('sk-very-secret');
    expect(emulator.secrets('LLM', String(body.aiLlmId))).toEqual({
      key: 'access-key-1234',
      secret: 'sk-very-secret',
    });
  });

  it('updates only what is sent and deletes once', async () => {
    const { emulator, send, id, object } = await account();
    expect((await send('PUT', object, { name: 'renamed' })).body).toMatchObject({
      success: true,
      aiLlmId: id,
    });
    expect(emulator.objects('LLM')).toMatchObject([{ id, name: 'renamed', endpoint: llm.endpoint }]);
    expect((await send('DELETE', object)).body.success).toBe(true);
    expect((await send('DELETE', object)).status).toBe(404);
    expect((await send('PUT', object, { name: 'x' })).status).toBe(404);
  });

  it('reads none by id', async () => {
    const { send, object } = await account();
    expect((await send('GET', object)).status).toBe(405);
    expect((await send('PATCH', object, {})).status).toBe(405);
  });

  it('lists one workspace or all', async () => {
    const { emulator, send } = await account();
    emulator.put('LLM', { ...llm, workspaceId: 'w2' });
    expect(each((await send('GET', path)).body.aiLlms, 'workspaceId')).toEqual(['w1', 'w2']);
    expect(each((await send('GET', `${path}?workspaceId=w2`)).body.aiLlms, 'workspaceId')).toEqual(['w2']);
    expect((await send('GET', `${path}?take=10`)).status).toBe(400);
  });

  it.each<[string, Json]>([
    ['no workspace', { name: 'a', aiType: 'OPENAI', endpoint: 'https://x.test', secret: 's' }],
    ['no secret', { name: 'a', aiType: 'OPENAI', endpoint: 'https://x.test', workspaceId: 'w1' }],
    ['a null secret', { ...llm, secret: null }],
    ['an unknown type', { ...llm, aiType: 'AZURE' }],
    ['an endpoint that is no URL', { ...llm, endpoint: 'nowhere' }],
    ['an empty name', { ...llm, name: '' }],
    ['an unknown field', { ...llm, model: 'gpt-4o' }],
  ])('refuses to create with %s', async (_, body) => {
    const { emulator, send } = await start<FlashbackOptions>('flashback');
    const answer = await send('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ success: false, message: expect.any(String) });
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it('takes a vault key in place of endpoint and secret, and reads it as apiKeyId', async () => {
    const { emulator, send } = await start<FlashbackOptions>('flashback');
    const body = { name: 'a', aiType: 'OPENAI', workspaceId: 'w1', apiKeyUuid: 'vault-1' };
    expect((await send('POST', path, body)).status).toBe(200);
    expect(emulator.objects('LLM')).toMatchObject([{ apiKeyId: 'vault-1', endpoint: null }]);
    emulator.options.contract = 'docs';
    expect((await send('POST', path, { ...body, name: 'b' })).status).toBe(400);
    expect((await send('POST', path, { ...llm, apiKeyUuid: 'vault-1' })).status).toBe(400);
  });

  it('refuses to delete what a repository uses, naming it', async () => {
    const { emulator, send, id, object } = await account({}, { repos: [{ id: 'r1', name: 'website' }] });
    const refused = await send('DELETE', object);
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('website');
    emulator.put('LLM', { id, repos: [] });
    expect((await send('DELETE', object)).status).toBe(200);
  });
});

describe('Flashback switches', () => {
  it.each([
    [400, 400],
    [409, 409],
    ['success-false', 200],
  ] as const)('duplicateName %s', async (duplicateName, status) => {
    const { emulator, send } = await account({ duplicateName });
    const other = emulator.put('LLM', { ...llm, name: 'other' });
    for (const answer of [
      await send('POST', path, llm),
      await send('PUT', `${path}/${other}`, { name: 'support' }),
    ]) {
      expect(answer.status).toBe(status);
      expect(answer.body.success).toBe(false);
    }
    expect(emulator.objects('LLM')).toHaveLength(2);
    expect((await send('POST', path, { ...llm, workspaceId: 'w2' })).body.success).toBe(true);
  });

  it('refusesWith200, but never for a bad token', async () => {
    const { send } = await account({ refusesWith200: true });
    const answer = await send('DELETE', `${path}/nothing`);
    expect(answer).toMatchObject({ status: 200, body: { success: false } });
    expect((await send('GET', path, undefined, { authorization: 'Bearer expired' })).status).toBe(401);
  });

  it('keyReadsAs null', async () => {
    const { emulator } = await account({}, { key: 'access-key-1234' });
    expect(emulator.objects('LLM')).toMatchObject([{ key: '****1234' }]);
    emulator.options.keyReadsAs = 'null';
    expect(emulator.objects('LLM')).toMatchObject([{ key: null }]);
  });

  it.each([
    ['reject', 400],
    ['ignore', 200],
  ] as const)('workspaceIdOnUpdate %s', async (workspaceIdOnUpdate, status) => {
    const { emulator, send, object } = await account({ workspaceIdOnUpdate });
    expect((await send('PUT', object, { name: 'a', workspaceId: 'w2' })).status).toBe(status);
    expect(emulator.objects('LLM')).toMatchObject([{ workspaceId: 'w1' }]);
  });

  it.each([
    ['reject', 400, { key: 'k', secret: 'sk-very-secret' }],
    ['ignore', 200, { key: 'k', secret: 'sk-very-secret' }],
    ['clear', 200, { key: null, secret: 'sk-very-secret' }],
  ] as const)('nullOnUpdate %s', async (nullOnUpdate, status, after) => {
    const { emulator, send, id, object } = await account({ nullOnUpdate }, { key: 'k' });
    expect((await send('PUT', object, { key: null })).status).toBe(status);
    expect(emulator.secrets('LLM', id)).toEqual(after);
  });

  it.each([
    ['reject', 400],
    ['noop', 200],
  ] as const)('emptyUpdate %s', async (emptyUpdate, status) => {
    const { send, object } = await account({ emptyUpdate });
    expect((await send('PUT', object, {})).status).toBe(status);
  });

  it('workspaces out of reach are refused and left out', async () => {
    const { send, object } = await account({ workspaces: ['w2'] });
    expect((await send('GET', path)).body.aiLlms).toEqual([]);
    expect((await send('GET', `${path}?workspaceId=w1`)).status).toBe(403);
    expect((await send('POST', path, llm)).status).toBe(403);
    expect((await send('DELETE', object)).status).toBe(403);
    expect((await send('POST', path, { ...llm, workspaceId: 'w2' })).status).toBe(200);
  });

  it('unknownMembers ignore', async () => {
    const { emulator, send } = await account({ unknownMembers: 'ignore' });
    expect((await send('POST', path, { ...llm, name: 'b', typo: 1 })).status).toBe(200);
    expect(emulator.objects('LLM')[1]).not.toHaveProperty('typo');
  });
});
