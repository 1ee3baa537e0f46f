import { request as httpsRequest } from 'node:https';
import { describe, expect, it } from 'vitest';
import { emulatedVendors, startEmulator } from '../../src/emulator/index.js';
import { start } from '../support/emulators.js';
import { selfSigned } from '../support/self-signed.js';

const listing: Record<string, string> = {
  anam: '/v1/llms',
  flashback: '/ai/llm',
  goodmem: '/v1/llms',
  liveavatar: '/v1/llm-configurations',
};

/** How each vendor updates, and the field that names an object; the rest use PUT and displayName. */
const updates: Record<string, [string, string]> = {
  flashback: ['PUT', 'name'],
  liveavatar: ['PATCH', 'display_name'],
};

describe.each(emulatedVendors)('the emulator of %s', (vendor) => {
  const path = listing[vendor] ?? '';

  it('refuses a missing and a wrong credential', async () => {
    const { emulator, send } = await start(vendor);
    expect((await fetch(emulator.url + path)).status).toBe(401);
    const wrong = { 'x-api-key': 'wrong', authorization: 'Bearer wrong' };
    expect((await send('GET', path, undefined, wrong)).status).toBe(401);
    expect(
      (await send('GET', path, undefined, { authorization: emulator.credential, 'x-api-key': '' })).status,
    ).toBe(401);
    expect((await send('GET', path)).status).toBe(200);
  });

  it('accepts another credential when told so', async () => {
    const { send } = await start(vendor, {}, { credential: 'mine' });
    expect((await send('GET', path)).status).toBe(200);
  });

  it.each([
    ['no JSON', '{}', 'text/plain'],
    ['broken JSON', '{', 'application/json'],
    ['no object', '[]', 'application/json'],
    ['nothing', '', 'application/json'],
  ])('refuses a body that is %s', async (_, body, type) => {
    const { send } = await start(vendor);
    const { status } = await send('POST', path, body, { 'content-type': type });
    expect([400, 422]).toContain(status);
  });

  it('takes JSON only when it is called JSON', async () => {
    const { emulator, send } = await start(vendor);
    const id = emulator.put('LLM', {});
    const [method, field] = updates[vendor] ?? ['PUT', 'displayName'];
    const update = (type: string) =>
      send(method, `${path}/${id}`, JSON.stringify({ [field]: 'New' }), { 'content-type': type });
    expect([400, 422]).toContain((await update('text/plain')).status);
    expect([400, 422]).toContain((await update('application/merge-patch+json')).status);
    expect((await update('application/json')).status).toBe(200);
    expect((await update('application/json; charset=utf-8')).status).toBe(200);
  });

  it('refuses a body where none belongs', async () => {
    const { emulator, send } = await start(vendor);
    const id = emulator.put('LLM', {});
    expect([400, 422]).toContain((await send('DELETE', `${path}/${id}`, {})).status);
    const bare = await send('DELETE', `${path}/${id}`, undefined, { 'content-type': 'application/json' });
    expect([400, 422]).toContain(bare.status);
    expect(emulator.objects('LLM')).toHaveLength(1);
  });

  it('knows no other path', async () => {
    const { send } = await start(vendor);
    for (const other of ['/', '/v1', `${path}/`, `/${path}`, `${path}/a/b`]) {
      expect((await send('GET', other)).status, other).toBe(404);
    }
  });

  it('records method, path, body and status', async () => {
    const { emulator, send } = await start(vendor);
    await send('GET', path);
    const { status } = await send('POST', path, { nonsense: true });
    expect(emulator.requests).toEqual([
      { method: 'GET', path, body: undefined, status: 200 },
      { method: 'POST', path, body: { nonsense: true }, status },
    ]);
  });

  it('lets a test put, overwrite and drop objects behind our back', async () => {
    const { emulator } = await start(vendor);
    const nameField = updates[vendor]?.[1] ?? 'displayName';
    const idField = vendor === 'goodmem' ? 'llmId' : 'id';
    const id = emulator.put('LLM', { [nameField]: 'before' });
    expect(emulator.put('LLM', { [idField]: id, [nameField]: 'after' })).toBe(id);
    expect(emulator.objects('LLM')).toMatchObject([{ [idField]: id, [nameField]: 'after' }]);
    emulator.drop('LLM', id);
    expect(emulator.objects('LLM')).toEqual([]);
  });

  it('speaks https', async () => {
    const { emulator } = await start(vendor, {}, { tls: selfSigned });
    expect(emulator.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      const asked = httpsRequest(emulator.url + path, { ca: selfSigned.cert, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(401);
    await expect(fetch(emulator.url + path)).rejects.toThrow();
  });
});

describe('startEmulator', () => {
  it('names the vendors it has when asked for another', async () => {
    await expect(startEmulator('acme')).rejects.toThrow(/no emulator of "acme".*anam.*liveavatar/);
    await expect(startEmulator('constructor')).rejects.toThrow(/no emulator/);
  });

  it('refuses a switch that does not exist', async () => {
    await expect(startEmulator('anam', { options: { typo: 1 } })).rejects.toThrow(/no switch "typo"/);
    const { emulator } = await start('anam');
    expect(() => Object.assign(emulator.options, { typo: 1 })).toThrow();
  });

  it('refuses a port that is taken', async () => {
    const { emulator } = await start('anam');
    const port = Number(new URL(emulator.url).port);
    await expect(startEmulator('anam', { port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('refuses a kind that does not exist', async () => {
    const { emulator } = await start('anam');
    expect(() => emulator.objects('Secret')).toThrow(/no kind "Secret"/);
  });
});
