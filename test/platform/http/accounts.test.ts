import { describe, expect, it } from 'vitest';
import {
  answering,
  ask,
  client,
  type FakeClock,
  fakeClock,
  faultOf,
  server,
} from '../../support/http-client.js';

/** A server that notes when its requests arrive, and two connections to it. */
async function twoConnections(first: object = {}, second: object = {}, clock: FakeClock = fakeClock()) {
  const arrivals: number[] = [];
  let [inFlight, most] = [0, 0];
  const { url } = await server(async (_request, response) => {
    arrivals.push(clock.now());
    inFlight += 1;
    most = Math.max(most, inFlight);
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    response.end('{}');
  });
  const [a, b] = [client(url, { clock, ...first }), client(url, { clock, ...second })];
  const both = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => ask(i % 2 === 0 ? a : b, 'GET', `/${i}`)));
  return { a, b, both, arrivals, clock, most: () => most };
}

describe('connections with the same credential at the same host', () => {
  it('share the requests in flight, and the smallest limit holds', async () => {
    const { both, most } = await twoConnections({ concurrency: 8 }, { concurrency: 3 });
    await both(40);
    expect(most()).toBe(3);
  });

  it('share the rate, and the smallest limit holds', async () => {
    const { both, clock } = await twoConnections({ requestsPerSecond: 10 }, { requestsPerSecond: 100 });
    await both(40);
    expect(clock.now()).toBe(3000);
  });

  it('give their limit back when they close', async () => {
    const { a, b, arrivals } = await twoConnections({ requestsPerSecond: 100 }, { requestsPerSecond: 1 });
    await b.close();
    await Promise.all(Array.from({ length: 40 }, (_, i) => ask(a, 'GET', `/${i}`)));
    expect(new Set(arrivals)).toEqual(new Set([0]));
  });

  it('leave what others wait for alone when they close', async () => {
    const { a, b, arrivals } = await twoConnections({ requestsPerSecond: 1 }, { requestsPerSecond: 1 });
    const waiting = [1, 2, 3].map((i) => ask(a, 'GET', `/${i}`));
    const cut = faultOf(ask(b, 'GET', '/cut'));
    await b.close();
    expect((await cut).code).toBe('unreachable');
    await Promise.all(waiting);
    expect(arrivals).toHaveLength(3);
  });

  it('wait together when the vendor asks one of them to', async () => {
    const clock = fakeClock();
    const arrivals: number[] = [];
    const { url } = await server((_request, response) => {
      arrivals.push(clock.now());
      response.writeHead(arrivals.length === 1 ? 429 : 200, { 'retry-after': '60' }).end('{}');
    });
    const [a, b] = [client(url, { clock, concurrency: 1 }), client(url, { clock, concurrency: 1 })];
    await Promise.all([ask(a, 'POST'), ask(b, 'GET')]);
    expect(arrivals).toEqual([0, 60_000, 60_000]);
  });

  it('share what they learn about a target that is down', async () => {
    const clock = fakeClock();
    const { url, requests } = await server(answering(501, '{}'));
    const [a, b] = [client(url, { clock }), client(url, { clock })];
    for (let i = 0; i < 5; i += 1) await faultOf(ask(a, 'PUT'));
    expect((await faultOf(ask(b, 'PUT'))).message).toContain('not sent');
    expect(requests).toHaveLength(5);
    // The next run begins anew.
    await Promise.all([a.close(), b.close()]);
    await faultOf(ask(client(url, { clock }), 'PUT'));
    expect(requests).toHaveLength(6);
  });

  it('go on probing when the one that probes is closed', async () => {
    const clock = fakeClock();
    let isDown = false;
    const { url } = await server((request, response) => {
      answering(isDown ? 501 : 200, '{}')(request, response);
    });
    let waits = 0;
    let closing: Promise<void> | undefined;
    const onWait = () => {
      waits += 1;
      if (waits === 2) closing = a.close();
      return () => undefined;
    };
    const a = client(url, { clock, settings: { onWait } });
    const b = client(url, { clock, settings: { onWait } });
    await Promise.all([ask(a, 'GET'), ask(b, 'GET')]);
    isDown = true;
    const [cut, saved] = [faultOf(ask(a, 'PUT', '/a')), ask(b, 'PUT', '/b')];
    await cut;
    await closing;
    isDown = false;
    expect(await saved).toMatchObject({ status: 200 });
  });
});

describe('connections with other credentials', () => {
  it('share nothing', async () => {
    const { both, arrivals } = await twoConnections(
      { requestsPerSecond: 10 },
      { requestsPerSecond: 10, credential: 'another' },
    );
    await both(20);
    expect(new Set(arrivals)).toEqual(new Set([0]));
  });
});

describe('the rate of an account', () => {
  it('is remembered for a while: a plan is followed by its apply', async () => {
    const clock = fakeClock();
    const arrivals: number[] = [];
    const { url } = await server((_request, response) => {
      arrivals.push(clock.now());
      response.end('{}');
    });
    const once = async () => {
      const made = client(url, { clock, requestsPerSecond: 1 });
      await ask(made, 'GET');
      await made.close();
    };
    await once();
    await once();
    clock.advance(61_000);
    await once();
    expect(arrivals).toEqual([0, 1000, 62_000]);
  });
});
