import type { RequestListener } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import {
  answering,
  ask,
  client,
  dropping,
  type FakeClock,
  fakeClock,
  faultOf,
  server,
} from '../../support/http-client.js';

const up = answering(200, '{"ok":true}');
const unavailable = answering(503, '{"message":"busy"}');

interface Scene {
  down?: RequestListener;
  /** How long the target is down, from the moment that it goes down. */
  ms: number;
  /** What is hit; default: everything. */
  hits?: (url: string, method: string) => boolean;
  settings?: Parameters<typeof client>[1];
}

/** A target that goes down when it is told to, for so long by the clock, and a client that it has answered. */
async function sceneOf({ down = unavailable, ms, hits = () => true, settings = {} }: Scene) {
  const clock = fakeClock();
  let from = Number.POSITIVE_INFINITY;
  const { url, requests } = await server((request, response) => {
    const isDown = clock.now() >= from && clock.now() < from + ms;
    const hit = isDown && hits(request.url ?? '', request.method ?? '');
    (hit ? down : up)(request, response);
  });
  const made = client(url, { clock, ...settings });
  await ask(made, 'GET', '/list');
  return {
    clock,
    made,
    requests,
    goDown: () => {
      from = clock.now();
    },
  };
}

async function outcomes(all: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of await Promise.allSettled(all)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Four lanes, as an apply has them: each reads an object and then updates it. */
async function updateAll(scene: Awaited<ReturnType<typeof sceneOf>>, count: number, downAt: number) {
  const waiting = Array.from({ length: count }, (_, i) => i);
  const faults: string[] = [];
  const lane = async () => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) {
      if (i === downAt) scene.goDown();
      try {
        await ask(scene.made, 'GET', `/${i}`);
        await ask(scene.made, 'PUT', `/${i}`);
      } catch (fault) {
        faults.push(`${i}: ${fault}`);
      }
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return faults;
}

describe('an outage of a target that has answered', () => {
  it.each<[string, RequestListener]>([
    ['answers 503', unavailable],
    ['drops connections', dropping],
    ['answers 408', answering(408, '{}')],
  ])('of 4 s fails none of 400 updates while it %s', async (_name, down) => {
    const scene = await sceneOf({ down, ms: 4000, settings: { requestsPerSecond: 20 } });
    expect(await updateAll(scene, 400, 200)).toEqual([]);
    // 400 reads and 400 updates, the first read, and a few that found it down.
    expect(scene.requests.length).toBeLessThan(801 + 40);
  });

  it('is waited for by everything at once, with one request at a time', async () => {
    const scene = await sceneOf({ ms: 60_000, settings: { concurrency: 8 } });
    scene.goDown();
    const all = Array.from({ length: 200 }, (_, i) => ask(scene.made, 'PUT', `/${i}`));
    expect(await outcomes(all)).toEqual({ fulfilled: 200 });
    // Eight that were under way with three repetitions each, a probe every few seconds, and everything once.
    expect(scene.requests.length).toBeLessThan(1 + 8 * 4 + 40 + 200);
    const probes = scene.requests.filter(({ url }) => url === '/list').length - 1;
    expect(probes).toBeGreaterThan(5);
  });

  it('tells that it waits, and that it goes on', async () => {
    const heard: string[] = [];
    const onWait = ({ message }: Error) => {
      heard.push(`waits: ${message}`);
      return (answered: boolean) => void heard.push(`answered: ${answered}`);
    };
    const scene = await sceneOf({ ms: 4000, settings: { settings: { onWait } } });
    scene.goDown();
    await Promise.all([1, 2, 3].map((i) => ask(scene.made, 'PUT', `/${i}`)));
    expect(heard).toEqual(['waits: the vendor failed (HTTP 503): busy', 'answered: true']);
  });

  it('ends the run’s patience after two minutes, and then nothing is sent', async () => {
    const heard: boolean[] = [];
    const onWait = () => (answered: boolean) => void heard.push(answered);
    const scene = await sceneOf({ ms: Number.POSITIVE_INFINITY, settings: { settings: { onWait } } });
    scene.goDown();
    const began = scene.clock.now();
    const faults = await Promise.all(
      Array.from({ length: 50 }, (_, i) => faultOf(ask(scene.made, 'PUT', `/${i}`))),
    );
    expect(heard).toEqual([false]);
    expect(scene.clock.now() - began).toBeGreaterThanOrEqual(120_000);
    expect(scene.clock.now() - began).toBeLessThan(130_000);
    const notSent = faults.filter(({ sent }) => !sent);
    expect(notSent.length).toBeGreaterThanOrEqual(30);
    expect(notSent[0]?.message).toMatch(
      /^not sent: the target was down for 12\d s, so requests to it are paused for 30 s; last failure: the vendor failed/,
    );
    const sent = scene.requests.length;
    await faultOf(ask(scene.made, 'GET'));
    expect(scene.requests).toHaveLength(sent);
  });

  it('does not have a create repeated that may have been carried out', async () => {
    const scene = await sceneOf({ down: dropping, ms: 4000 });
    scene.goDown();
    expect((await faultOf(ask(scene.made, 'POST', '/new'))).code).toBe('unreachable');
    expect(scene.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    // The look-up that follows finds the target up.
    await ask(scene.made, 'GET', '/list');
  });
});

describe('a request that the vendor cannot serve', () => {
  it('fails by itself, and holds nothing for long', async () => {
    const onWait = vi.fn(() => () => undefined);
    const scene = await sceneOf({
      ms: Number.POSITIVE_INFINITY,
      hits: (url) => url === '/bad',
      settings: { settings: { onWait } },
    });
    scene.goDown();
    const bad = faultOf(ask(scene.made, 'PUT', '/bad'));
    const others = Array.from({ length: 100 }, (_, i) => ask(scene.made, 'PUT', `/${i}`));
    expect(await outcomes(others)).toEqual({ fulfilled: 100 });
    expect((await bad).message).toBe('the vendor failed (HTTP 503): busy');
    expect(scene.requests.filter(({ url }) => url === '/bad').length).toBeLessThanOrEqual(5);
    expect(onWait).not.toHaveBeenCalled();
  });

  it.each([
    ['GET', 1],
    ['PUT', 3],
  ])('in time is a %s that is sent so often: %i', async (method, times) => {
    const scene = await sceneOf({
      down: () => {},
      ms: Number.POSITIVE_INFINITY,
      hits: (url) => url === '/slow',
      settings: { timeoutMs: 100 },
    });
    scene.goDown();
    expect((await faultOf(ask(scene.made, method, '/slow'))).code).toBe('timeout');
    expect(scene.requests.filter(({ url }) => url === '/slow')).toHaveLength(times);
  });

  it('is told from a target that takes no write at all: that ends the run in a few minutes', async () => {
    const scene = await sceneOf({
      ms: Number.POSITIVE_INFINITY,
      hits: (_url, method) => method === 'PUT',
      settings: { requestsPerSecond: 10 },
    });
    scene.goDown();
    const began = scene.clock.now();
    expect(await updateAll(scene, 100, -1)).toHaveLength(100);
    expect(scene.clock.now() - began).toBeLessThan(400_000);
  });
});

describe('an interrupt', () => {
  /** A clock whose waits end only with their signal. */
  function standingClock(): FakeClock & { sleeping: () => number } {
    let sleeping = 0;
    return {
      ...fakeClock(),
      sleeping: () => sleeping,
      sleep: (_ms, signal) =>
        new Promise((_resolve, reject) => {
          sleeping += 1;
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    };
  }

  const stopWhen = async (waits: () => boolean, stop: AbortController) => {
    while (!waits()) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
  };

  it('ends the wait for a target that is down', async () => {
    const clock = standingClock();
    const stop = new AbortController();
    const ways = { now: up };
    const { url, requests } = await server((request, response) => ways.now(request, response));
    let waits = false;
    const onWait = () => {
      waits = true;
      return () => undefined;
    };
    const made = client(url, { clock, settings: { stop: stop.signal, onWait } });
    await ask(made, 'GET');
    // 501 is not worth a repetition of its own.
    ways.now = answering(501, '{}');
    const faults = [1, 2, 3].map((i) => faultOf(ask(made, 'PUT', `/${i}`)));
    await stopWhen(() => waits, stop);
    expect((await Promise.all(faults)).map(({ code }) => code)).toEqual(Array(3).fill('server'));
    const sent = requests.length;
    const later = await faultOf(ask(made, 'PUT', '/later'));
    expect(later.message).toBe('not sent: the run was stopped while the target was down');
    expect(requests).toHaveLength(sent);
  });

  it('ends the waits that a vendor asks for, and lets what need not wait go on', async () => {
    const clock = standingClock();
    const stop = new AbortController();
    const { url, requests } = await server((request, response) => {
      const limited = request.url === '/limited';
      response.writeHead(limited ? 429 : 200, limited ? { 'retry-after': '60' } : {}).end('{}');
    });
    const made = client(url, { clock, concurrency: 1, settings: { stop: stop.signal } });
    const faults = ['/limited', '/other'].map((path) => faultOf(ask(made, 'PUT', path)));
    await stopWhen(() => clock.sleeping() === 2, stop);
    const [limited, other] = await Promise.all(faults);
    expect(limited).toMatchObject({ code: 'rate-limited', status: 429 });
    expect(other).toMatchObject({ code: 'rate-limited', sent: false });
    expect(requests).toHaveLength(1);
    clock.advance(60_000);
    clock.now = () => 60_000;
    await ask(made, 'PUT', '/later');
  });
});

describe('20 s of 429', () => {
  it('without a word lose none of 200 creates, and cost few requests more', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const clock = fakeClock();
    const { url, requests } = await server((_request, response) => {
      const limited = clock.now() >= 5000 && clock.now() < 25_000;
      response.writeHead(limited ? 429 : 201).end('{}');
    });
    const made = client(url, { clock, concurrency: 4, requestsPerSecond: 8 });
    const all = Array.from({ length: 200 }, (_, i) => ask(made, 'POST', `/${i}`));
    expect(await outcomes(all)).toEqual({ fulfilled: 200 });
    expect(requests.length).toBeLessThan(240);
    vi.restoreAllMocks();
  });

  it('for ever end the run soon after the first request has no time left', async () => {
    const clock = fakeClock();
    const { url } = await server(answering(429, '{}'));
    const made = client(url, { clock, concurrency: 4, requestsPerSecond: 8 });
    const faults = await Promise.all(
      Array.from({ length: 200 }, (_, i) => faultOf(ask(made, 'POST', `/${i}`))),
    );
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['rate-limited']));
    expect(clock.now()).toBeLessThan(200_000);
    expect(faults.at(-1)?.message).toMatch(
      /^not sent: the target refused every request, so requests to it are paused/,
    );
  });
});
