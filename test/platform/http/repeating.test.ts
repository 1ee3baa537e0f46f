import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  answering,
  ask,
  client,
  dropping,
  failing,
  fakeClock,
  faultOf,
  server,
  silentServer,
  writing,
} from '../../support/http-client.js';

const passing = [408, 425, 429, 500, 502, 503, 504];
const harmless = ['GET', 'PUT', 'PATCH', 'DELETE'];
const hanging: RequestListener = () => {};
const breakingOff: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"items":', () => response.destroy());
};

/** A client of such a server, on a clock that need not be waited for. */
async function at(listener: RequestListener, timeoutMs = 5000) {
  const { url, requests } = await server(listener);
  return { ...client(url, { clock: fakeClock(), timeoutMs }), requests };
}

describe.each(harmless)('%s', (method) => {
  it.each(passing)('is repeated after HTTP %i', async (status) => {
    const made = await at(failing(1, answering(status, '{}')));
    expect(await ask(made, method)).toMatchObject({ body: { ok: true } });
    expect(made.requests).toHaveLength(2);
    expect(made.requests[1]).toMatchObject({ method, body: made.requests[0]?.body });
    expect(made.counts).toEqual(method === 'GET' ? { read: 2, write: 0 } : { read: 0, write: 2 });
  });

  it.each([
    ['was dropped', dropping],
    ['broke off within the answer', breakingOff],
  ])('is repeated when its connection %s', async (_name, listener) => {
    const made = await at(failing(2, listener));
    expect(await ask(made, method)).toMatchObject({ body: { ok: true } });
    expect(made.requests).toHaveLength(3);
  });

  it('is repeated three times, and then fails', async () => {
    const made = await at(answering(503, '{"message":"busy"}'));
    expect(await faultOf(ask(made, method))).toMatchObject({
      code: 'server',
      status: 503,
      message: 'the vendor failed (HTTP 503): busy',
    });
    expect(made.requests).toHaveLength(4);
  });

  it.each([400, 401, 403, 404, 409, 422, 501])('is not repeated after HTTP %i', async (status) => {
    const made = await at(answering(status, '{}'));
    await faultOf(ask(made, method));
    expect(made.requests).toHaveLength(1);
  });
});

describe('a timeout', () => {
  it.each(['PUT', 'PATCH', 'DELETE'])('of a %s is worth one more try', async (method) => {
    const saved = await at(failing(1, hanging), 200);
    expect(await ask(saved, method)).toMatchObject({ body: { ok: true } });
    const lost = await at(hanging, 100);
    expect((await faultOf(ask(lost, method))).code).toBe('timeout');
    expect(lost.requests).toHaveLength(2);
  });

  it.each(['GET', 'POST'])('of a %s is the end of it', async (method) => {
    const made = await at(hanging, 100);
    expect((await faultOf(ask(made, method))).code).toBe('timeout');
    expect(made.requests).toHaveLength(1);
  });
});

describe('an update by POST', () => {
  const update = (repeatable: boolean) => ({
    ...writing('update', 'POST', '/v1/llms/1', repeatable),
    body: { a: 1 },
  });

  it.each([
    ['after HTTP 503', answering(503, '{}')],
    ['when its connection was dropped', dropping],
    ['when its connection broke off within the answer', breakingOff],
  ])('is repeated %s, if its vendor lets it be', async (_name, listener) => {
    const may = await at(failing(2, listener));
    expect(await may.write(update(true))).toMatchObject({ body: { ok: true } });
    expect(may.requests.map(({ method, body }) => `${method} ${body}`)).toEqual(
      Array(3).fill('POST {"a":1}'),
    );
    const mayNot = await at(failing(2, listener));
    await faultOf(mayNot.write(update(false)));
    expect(mayNot.requests).toHaveLength(1);
  });

  it('is worth one more try after a timeout, if its vendor lets it be', async () => {
    const may = await at(hanging, 100);
    expect((await faultOf(may.write(update(true)))).code).toBe('timeout');
    expect(may.requests).toHaveLength(2);
    const mayNot = await at(hanging, 100);
    expect((await faultOf(mayNot.write(update(false)))).code).toBe('timeout');
    expect(mayNot.requests).toHaveLength(1);
  });
});

describe('DELETE', () => {
  it('tells that the object was gone the second time', async () => {
    let there = true;
    const made = await at((_request, response) => {
      if (!there) return response.writeHead(404).end();
      there = false;
      response.destroy();
    });
    expect(await faultOf(ask(made, 'DELETE'))).toMatchObject({ code: 'not-found', status: 404 });
    expect(made.requests).toHaveLength(2);
  });
});

describe('POST', () => {
  it.each(passing.filter((status) => status !== 429))('is never repeated after HTTP %i', async (status) => {
    const made = await at(answering(status, '{}', { 'retry-after': '1' }));
    await faultOf(ask(made, 'POST'));
    expect(made.requests).toHaveLength(1);
    expect(made.counts.write).toBe(1);
  });

  it.each([
    ['was dropped', dropping],
    ['broke off within the answer', breakingOff],
  ])('is never repeated when its connection %s', async (_name, listener) => {
    const made = await at(listener);
    expect((await faultOf(ask(made, 'POST'))).code).toBe('unreachable');
    expect(made.requests).toHaveLength(1);
  });

  it('is repeated after 429, which says that nothing was done', async () => {
    const made = await at(failing(1, answering(429, '{}')));
    expect(await ask(made, 'POST')).toMatchObject({ body: { ok: true } });
    expect(made.requests).toHaveLength(2);
  });

  it('is repeated when the connection was refused', async () => {
    const closed = await server(answering(201, '{"id":"1"}'));
    await closed.close();
    const made = client(closed.url, { clock: fakeClock() });
    expect((await faultOf(ask(made, 'POST'))).message).toContain('refused the connection');
    expect(made.counts.write).toBe(4);
  });

  it('is repeated once when the connection could not be made in time', async () => {
    const port = await silentServer();
    const made = client(`https://127.0.0.1:${port}`, { clock: fakeClock(), timeoutMs: 200 });
    expect((await faultOf(ask(made, 'POST'))).message).toContain('no connection to');
    expect(made.counts.write).toBe(2);
  });
});
