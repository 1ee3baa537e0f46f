import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../src/model/ports.js';
import { answering, ask, client, dropping, fakeClock, faultOf, server } from '../../support/http-client.js';

const down = answering(501, '{"message":"out of order"}');
const up = answering(200, '{"ok":true}');

/** A target whose ways can be changed, and a client of it. */
async function targetThat(listener: RequestListener, rest: Parameters<typeof client>[1] = {}) {
  const ways = { now: listener };
  const { url, requests } = await server((request, response) => ways.now(request, response));
  const clock = fakeClock();
  return { ways, requests, clock, made: client(url, { clock, ...rest }) };
}

async function fail(made: Client, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await faultOf(ask(made, 'PUT'));
}

describe('a target that is down', () => {
  it('is left alone after five failures in a row, and every request is told why', async () => {
    const { made, requests } = await targetThat(down);
    await fail(made, 5);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await faultOf(ask(made, method, '/v1/x?key=k'))).toMatchObject({
        code: 'server',
        operation: `${method} /v1/x`,
        message:
          'not sent: the target failed 5 times in a row, so requests to it are paused for 30 s; last failure: the vendor failed (HTTP 501): out of order',
      });
    }
    expect(requests).toHaveLength(5);
    expect(made.counts).toEqual({ read: 0, write: 5 });
  });

  it.each<[string, RequestListener, string]>([
    ['drops connections', dropping, 'unreachable'],
    ['answers 503', answering(503, '{}'), 'server'],
    ['answers 408', answering(408, '{}'), 'timeout'],
    ['is silent', () => {}, 'timeout'],
  ])('counts as down when it %s, after the requests’ own repetitions', async (_name, listener, code) => {
    const { made, requests } = await targetThat(listener, { timeoutMs: 60 });
    await fail(made, 5);
    const sent = requests.length;
    const fault = await faultOf(ask(made, 'PUT'));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain('5 times in a row');
    expect(requests).toHaveLength(sent);
  });

  it('costs two hundred requests at once no more than a few', async () => {
    const { made, requests } = await targetThat(answering(503, '{}'), { concurrency: 4 });
    const faults = await Promise.all(
      Array.from({ length: 200 }, (_, i) => faultOf(ask(made, 'GET', `/${i}`))),
    );
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['server']));
    expect(faults.every(({ operation }, i) => operation === `GET /${i}`)).toBe(true);
    expect(requests.length).toBeLessThanOrEqual(40);
  });

  it('ends the repetitions that others are in the middle of', async () => {
    const { ways, made, requests } = await targetThat(down);
    await fail(made, 4);
    // It fails only after the fifth failure has opened the circuit.
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    ways.now = async (request, response) => {
      if (request.url === '/slow') await released;
      answering(request.url === '/slow' ? 503 : 501, '{}')(request, response);
    };
    const slow = faultOf(ask(made, 'PUT', '/slow'));
    while (requests.length < 5) await new Promise((resolve) => setImmediate(resolve));
    await fail(made, 1);
    release();
    expect((await slow).message).not.toContain('not sent');
    expect(requests.filter((request) => request.url === '/slow')).toHaveLength(1);
  });
});

describe('a target that lives', () => {
  it.each([200, 401, 404, 409, 422, 429])('starts the count again with HTTP %i', async (status) => {
    const { ways, made, requests } = await targetThat(down);
    await fail(made, 4);
    ways.now = answering(status, '{}');
    await ask(made, 'POST').catch(() => undefined);
    ways.now = down;
    const sent = requests.length;
    await fail(made, 4);
    expect(requests).toHaveLength(sent + 4);
  });
});

describe('half a minute later', () => {
  it('lets one request through, and all of them once that is answered', async () => {
    const { ways, clock, made, requests } = await targetThat(down);
    await fail(made, 5);
    clock.advance(29_999);
    await fail(made, 1);
    expect(requests).toHaveLength(5);

    clock.advance(1);
    ways.now = up;
    const probe = ask(made, 'GET');
    expect((await faultOf(ask(made, 'GET'))).message).toContain('not sent');
    await probe;
    await Promise.all([ask(made, 'GET'), ask(made, 'PUT')]);
    expect(requests).toHaveLength(8);
  });

  it('waits as long again when that one fails too', async () => {
    const { clock, made, requests } = await targetThat(down);
    await fail(made, 5);
    clock.advance(30_000);
    await fail(made, 1);
    expect((await faultOf(ask(made, 'GET'))).message).toContain('failed 6 times in a row');
    clock.advance(29_999);
    await fail(made, 1);
    expect(requests).toHaveLength(6);
    clock.advance(1);
    await fail(made, 1);
    expect(requests).toHaveLength(7);
  });
});
