import { describe, expect, it } from 'vitest';
import type { AnamOptions } from '../../src/emulator/vendors/anam/options.js';
import { each, start } from '../support/emulators.js';

const path = '/v1/llms';
const own = `${path}?includeDefaults=false`;
const llm = {
  displayName: 'Support',
  urls: [{ url: 'https://x.test/' }],
  llmFormat: 'openai',
  modelName: 'gpt-4o',
  secret: 'sk-very-secret',
};

describe('a fault', () => {
  it('acts on matching requests, after those it skips, as often as it says, and is gone then', async () => {
    const { emulator, send } = await start('anam');
    const match = { method: 'GET', path: /includeDefaults=false/g, kind: 'LLM' };
    emulator.faults.push({ match, skip: 1, times: 2, effect: { type: 'status', status: 503 } });
    const statuses = [];
    for (const asked of [path, own, own, path, own, own]) statuses.push((await send('GET', asked)).status);
    expect(statuses).toEqual([200, 200, 503, 200, 503, 200]);
    expect(emulator.faults).toEqual([]);
  });

  it('without times acts until it is taken away', async () => {
    const { emulator, send } = await start('anam');
    emulator.faults.push({ effect: { type: 'status', status: 500 } });
    for (const _ of [1, 2, 3]) expect((await send('GET', own)).status).toBe(500);
    emulator.faults.length = 0;
    expect((await send('GET', own)).status).toBe(200);
  });

  it('matches by kind', async () => {
    const { emulator, send } = await start('liveavatar');
    emulator.faults.push({ match: { kind: 'Secret' }, effect: { type: 'status', status: 500 } });
    expect((await send('GET', '/v1/llm-configurations')).status).toBe(200);
    expect((await send('GET', '/v1/secrets')).status).toBe(500);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('status, with applied %s', async (applied, stored) => {
    const { emulator, send } = await start('anam');
    const headers = { 'retry-after': '7' };
    emulator.faults.push({
      effect: { type: 'status', status: 429, body: { error: 'slow down' }, headers, applied },
    });
    const answer = await send('POST', path, llm);
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow down' } });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(emulator.objects('LLM')).toHaveLength(stored);
  });

  it.each([
    ['before', 0],
    ['after', 1],
    ['during', 1],
  ] as const)('reset %s', async (when, stored) => {
    const { emulator, send } = await start('anam');
    emulator.faults.push({ times: 1, effect: { type: 'reset', when } });
    await expect(send('POST', path, llm)).rejects.toThrow();
    expect(emulator.objects('LLM')).toHaveLength(stored);
    expect(emulator.requests).toMatchObject([{ method: 'POST', status: 0 }]);
    expect((await send('GET', own)).status).toBe(200);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])(
    'hang, with applied %s, never answers and does not keep the emulator from closing',
    async (applied, stored) => {
      const { emulator, send } = await start('anam');
      emulator.faults.push({ effect: { type: 'hang', applied } });
      const hanging = expect(send('POST', path, llm)).rejects.toThrow();
      while (emulator.requests.length < 1 || emulator.objects('LLM').length < stored) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await emulator.close();
      await hanging;
      expect(emulator.objects('LLM')).toHaveLength(stored);
    },
  );

  it('slow answers right', async () => {
    const { emulator, send } = await start('anam');
    emulator.faults.push({ effect: { type: 'slow', ms: 5 } });
    expect((await send('GET', own)).body.meta?.total).toBe(0);
  });

  it('truncate, html and empty spoil the answer', async () => {
    const { emulator, send } = await start('anam');
    const whole = (await send('GET', own)).text;
    emulator.faults.push({ times: 1, effect: { type: 'truncate' } });
    const half = await send('GET', own);
    expect(half.status).toBe(200);
    expect(whole.startsWith(half.text) && half.text.length < whole.length).toBe(true);

    emulator.faults.push({ times: 1, effect: { type: 'html' } });
    const html = await send('GET', own);
    expect(html.headers.get('content-type')).toBe('text/html');
    expect(html).toMatchObject({ status: 200, text: expect.stringContaining('Sign in') });

    emulator.faults.push({ times: 1, effect: { type: 'html', status: 502 } });
    expect((await send('GET', own)).status).toBe(502);

    emulator.faults.push({ times: 1, effect: { type: 'empty' } });
    expect(await send('POST', path, llm)).toMatchObject({ status: 201, text: '' });
    expect(emulator.objects('LLM')).toHaveLength(1);
  });

  it('meanwhile moves something before the answer', async () => {
    const { emulator, send } = await start('anam');
    const id = emulator.put('LLM', llm);
    const run = () => emulator.drop('LLM', id);
    emulator.faults.push({ times: 1, effect: { type: 'meanwhile', run } });
    expect((await send('PUT', `${path}/${id}`, { modelName: 'gpt-5' })).status).toBe(404);
  });

  it('of pages repeats one, empties one, or miscounts', async () => {
    const { emulator, send } = await start<AnamOptions>('anam', { defaultPerPage: 1 });
    for (const displayName of ['a', 'b']) emulator.put('LLM', { displayName });
    const second = async () => (await send('GET', `${own}&page=2`)).body;
    const once = { match: { path: /page=2/ }, times: 1 };

    emulator.faults.push({ ...once, effect: { type: 'duplicate-page' } });
    const repeated = await second();
    expect(each(repeated.data, 'displayName')).toEqual(['a']);
    expect(repeated.meta).toMatchObject({ currentPage: 2, total: 2 });

    emulator.faults.push({ ...once, effect: { type: 'missing-page' } });
    expect(await second()).toMatchObject({ data: [], meta: { total: 2 } });

    emulator.faults.push({ ...once, effect: { type: 'wrong-total' } });
    expect((await second()).meta).toMatchObject({ total: 3 });

    expect(each((await second()).data, 'displayName')).toEqual(['b']);
  });

  it('of pages stays unspent where nothing comes in pages', async () => {
    const { emulator, send } = await start('goodmem');
    emulator.faults.push({ effect: { type: 'wrong-total' }, times: 1 });
    expect((await send('GET', path)).status).toBe(200);
    expect(emulator.faults).toHaveLength(1);
  });
});
