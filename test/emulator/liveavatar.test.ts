import { describe, expect, it } from 'vitest';
import type { LiveavatarOptions } from '../../src/emulator/vendors/liveavatar/options.js';
import type { Json, JsonObject } from '../../src/model/json.js';
import { each, start } from '../support/emulators.js';

const llms = '/v1/llm-configurations';
const secrets = '/v1/secrets';
const secret = { secret_name: 'openai', secret_value: 'sk-very-secret', secret_type: 'OPENAI_API_KEY' };

/** An account with one secret and a body that refers to it. */
async function account(options: Partial<LiveavatarOptions> = {}) {
  const { emulator, send } = await start<LiveavatarOptions>('liveavatar', options);
  const secretId = emulator.put('Secret', secret);
  const llm = { display_name: 'Support', model_name: 'gpt-4o', secret_id: secretId };
  return { emulator, send, secretId, llm };
}

describe('LiveAvatar configurations', () => {
  it('creates with 200 and the seven documented fields, filling base_url', async () => {
    const { send, llm } = await account();
    const { status, body } = await send('POST', llms, llm);
    expect(status).toBe(200);
    expect(body).toMatchObject({ code: 100, data: { ...llm, base_url: 'https://api.openai.com/v1' } });
    expect(Object.keys(body.data ?? {}).sort()).toEqual(
      ['base_url', 'created_at', 'display_name', 'id', 'model_name', 'secret_id', 'updated_at'].sort(),
    );
  });

  it('patches only what is sent, reads it back, and deletes once', async () => {
    const { send, llm } = await account();
    const id = (await send('POST', llms, { ...llm, base_url: 'https://x.test/v1' })).body.data?.id;
    const patched = await send('PATCH', `${llms}/${id}`, { model_name: 'gpt-5' });
    expect(patched.body.data).toMatchObject({ ...llm, model_name: 'gpt-5', base_url: 'https://x.test/v1' });
    expect((await send('GET', `${llms}/${id}`)).body.data?.model_name).toBe('gpt-5');
    expect((await send('DELETE', `${llms}/${id}`)).body).toMatchObject({ data: null });
    expect((await send('DELETE', `${llms}/${id}`)).status).toBe(404);
    expect((await send('GET', `${llms}/${id}`)).status).toBe(404);
  });

  it('lists newest first', async () => {
    const { emulator, send } = await account();
    for (const name of ['a', 'b', 'c']) emulator.put('LLM', { display_name: name });
    const names = each((await send('GET', llms)).body.data, 'display_name');
    expect(names).toEqual(['c', 'b', 'a']);
  });

  it.each<[string, (llm: JsonObject) => Json]>([
    ['a missing field', ({ display_name: _, ...rest }) => rest],
    ['null', (llm) => ({ ...llm, base_url: null })],
    ['a number for a string', (llm) => ({ ...llm, model_name: 4 })],
    ['an empty name', (llm) => ({ ...llm, display_name: '' })],
    ['a name of 256 characters', (llm) => ({ ...llm, display_name: 'x'.repeat(256) })],
    ['an id of 37 characters', (llm) => ({ ...llm, secret_id: 'x'.repeat(37) })],
    ['an unknown field', (llm) => ({ ...llm, modelName: 'gpt-4o' })],
    ['an array', (llm) => [llm]],
    ['broken JSON', () => '{"display_name":'],
  ])('answers 422 to %s', async (_, bodyOf) => {
    const { emulator, send, llm } = await account();
    const { status, body } = await send('POST', llms, bodyOf(llm));
    expect(status).toBe(422);
    expect(body.detail?.[0]).toMatchObject({ msg: expect.any(String), type: expect.any(String) });
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it('has a minimum for base_url on update only', async () => {
    const { emulator, send, llm } = await account();
    expect((await send('POST', llms, { ...llm, base_url: '' })).status).toBe(200);
    const id = emulator.put('LLM', llm);
    expect((await send('PATCH', `${llms}/${id}`, { base_url: '' })).status).toBe(422);
  });

  it('answers 400 to a secret of another space, on create and on update', async () => {
    const { emulator, send, llm } = await account();
    expect((await send('POST', llms, { ...llm, secret_id: 'elsewhere' })).status).toBe(400);
    const id = emulator.put('LLM', llm);
    expect((await send('PATCH', `${llms}/${id}`, { secret_id: 'elsewhere' })).status).toBe(400);
  });

  it.each([
    ['PUT', `${llms}/1`, 405],
    ['GET', '/v1/llm_configurations', 404],
    ['GET', `${llms}/`, 404],
    ['GET', `${llms}?page=1`, 422],
    ['PATCH', `${secrets}/1`, 405],
    ['PUT', `${secrets}/1`, 405],
    ['GET', `${secrets}/1`, 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { send } = await account();
    const body = method === 'GET' ? undefined : {};
    expect((await send(method, path, body)).status).toBe(status);
  });

  it('tells the rate limit window with every answer', async () => {
    const { send } = await account();
    expect((await send('GET', llms)).headers.get('x-ratelimit-reset')).toBe('1');
  });
});

describe('LiveAvatar secrets', () => {
  it('never shows a value, and answers a create with id and name alone', async () => {
    const { emulator, send } = await start<LiveavatarOptions>('liveavatar');
    const { body } = await send('POST', secrets, secret);
    expect(Object.keys(body.data ?? {}).sort()).toEqual(['id', 'secret_name']);
    const listed = await send('GET', secrets);
    expect(listed.body.data).toHaveLength(1);
    expect(listed.body.data?.[0]).toMatchObject({ secret_name: 'openai', secret_type: 'OPENAI_API_KEY' });
    expect(listed.text).not.toContain('sk-very-secret');
    expect(emulator.secrets('Secret', String(body.data?.id))).toEqual({ secret_value: 'sk-very-secret' });
  });

  it('refuses an unknown type, unless the set is open', async () => {
    const { emulator, send } = await account();
    const odd = { ...secret, secret_type: 'ODD_KEY' };
    expect((await send('POST', secrets, odd)).status).toBe(422);
    emulator.options.secretTypes = null;
    expect((await send('POST', secrets, odd)).status).toBe(200);
  });

  it('echoes what was sent in a 422, the secret too', async () => {
    const { send } = await account();
    const { text } = await send('POST', secrets, {
      secret_value: 'sk-very-secret',
      secret_type: 'LLM_API_KEY',
    });
    expect(text).toContain('sk-very-secret');
  });
});

describe('LiveAvatar switches', () => {
  it('code', async () => {
    const { send } = await account({ code: 1000 });
    expect((await send('GET', llms)).body.code).toBe(1000);
    expect((await send('GET', secrets)).body.code).toBe(1000);
  });

  it('defaultBaseUrl and trimBaseUrl', async () => {
    const { emulator, send, llm } = await account({ defaultBaseUrl: 'https://api.openai.com' });
    expect((await send('POST', llms, llm)).body.data?.base_url).toBe('https://api.openai.com');
    const slashed = { ...llm, base_url: 'https://x.test/v1/' };
    expect((await send('POST', llms, slashed)).body.data?.base_url).toBe('https://x.test/v1/');
    emulator.options.trimBaseUrl = true;
    expect((await send('POST', llms, slashed)).body.data?.base_url).toBe('https://x.test/v1');
  });

  it.each([
    ['allow', 200, 0],
    ['refuse', 400, 1],
  ] as const)('secretInUse %s', async (secretInUse, status, left) => {
    const { emulator, send, secretId, llm } = await account({ secretInUse });
    emulator.put('LLM', llm);
    expect((await send('DELETE', `${secrets}/${secretId}`)).status).toBe(status);
    expect(emulator.objects('Secret')).toHaveLength(left);
  });

  it.each([
    ['allow', 200],
    ['reject', 400],
  ] as const)('duplicateSecretNames %s', async (duplicateSecretNames, status) => {
    const { send } = await account({ duplicateSecretNames });
    expect((await send('POST', secrets, secret)).status).toBe(status);
  });

  it('invalidBody data', async () => {
    const { send } = await account({ invalidBody: 'data' });
    const { status, body } = await send('POST', llms, {});
    expect(status).toBe(422);
    expect(body.data?.[0]?.message).toContain('display_name is required');
  });

  it('unknownMembers ignore', async () => {
    const { send, llm } = await account({ unknownMembers: 'ignore' });
    const { status, body } = await send('POST', llms, { ...llm, typo: 1 });
    expect(status).toBe(200);
    expect(body.data).not.toHaveProperty('typo');
  });

  it('order oldest-first', async () => {
    const { emulator, send } = await account({ order: 'oldest-first' });
    for (const name of ['a', 'b']) emulator.put('LLM', { display_name: name });
    expect((await send('GET', llms)).body.data?.[0]?.display_name).toBe('a');
  });

  it('hasSpace false', async () => {
    const { send } = await account({ hasSpace: false });
    expect((await send('GET', llms)).status).toBe(400);
    expect((await send('GET', secrets)).status).toBe(400);
  });
});
