import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  answering,
  ask,
  client,
  type FakeClock,
  fakeClock,
  faultOf,
  server,
} from '../../support/http-client.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What is heard of waits. */
function listener() {
  const heard: string[] = [];
  const onWait = ({ message }: Error) => {
    heard.push(message);
    return (answered: boolean) => void heard.push(`answered: ${answered}`);
  };
  return { heard, onWait };
}

async function limitedBy(
  headers: Record<string, string>,
  until: (clock: FakeClock, sent: number) => boolean,
) {
  const { heard, onWait } = listener();
  const clock = fakeClock();
  let sent = 0;
  const { url } = await server((_request, response) => {
    sent += 1;
    response.writeHead(until(clock, sent) ? 200 : 429, until(clock, sent) ? {} : headers).end('{}');
  });
  const made = client(url, { clock, concurrency: 1, requestsPerSecond: 4, settings: { onWait } });
  return { heard, made };
}

describe('a wait that the vendor asks for', () => {
  it('is said once for all requests, and that it is over', async () => {
    const { heard, made } = await limitedBy({ 'retry-after': '12' }, ({ now }) => now() >= 20_000);
    await Promise.all([1, 2, 3].map((i) => ask(made, 'POST', `/${i}`)));
    expect(heard).toEqual(['the vendor asks to wait 12 s', 'answered: true']);
  });

  it('is said where it comes with another failure', async () => {
    const { heard, onWait } = listener();
    let sent = 0;
    const { url } = await server((request, response) => {
      sent += 1;
      answering(sent === 1 ? 503 : 200, '{}', { 'retry-after': '12' })(request, response);
    });
    await ask(client(url, { clock: fakeClock(), settings: { onWait } }), 'PUT');
    expect(heard).toEqual(['the vendor asks to wait 12 s', 'answered: true']);
  });

  it('is not said where it is short', async () => {
    const { heard, made } = await limitedBy({ 'retry-after': '2' }, (_, sent) => sent > 1);
    await Promise.all([1, 2, 3].map((i) => ask(made, 'POST', `/${i}`)));
    expect(heard).toEqual([]);
  });

  it('is not said where nothing waits for it', async () => {
    const { heard, onWait } = listener();
    const { url } = await server(
      answering(200, '{}', { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }),
    );
    const made = client(url, { clock: fakeClock(), settings: { onWait } });
    await ask(made, 'GET');
    expect(heard).toEqual([]);
    await ask(made, 'GET');
    expect(heard).toEqual(['the vendor asks to wait 30 s']);
  });
});

describe('a rate that was lowered', () => {
  it('is said once where it makes for a long wait, until it has recovered', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { heard, made } = await limitedBy({}, (_, sent) => sent > 4);
    await Promise.all(Array.from({ length: 100 }, (_, i) => ask(made, 'POST', `/${i}`)));
    expect(heard).toEqual(['too many requests (HTTP 429): fewer are sent for a while', 'answered: true']);
  });

  it('is not taken for a target that does not answer where all is done before it has recovered', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { heard, made } = await limitedBy({}, (_, sent) => sent > 4);
    await Promise.all(Array.from({ length: 4 }, (_, i) => ask(made, 'POST', `/${i}`)));
    expect(heard).toHaveLength(1);
    await made.close();
    expect(heard.slice(1)).toEqual(['answered: true']);
  });

  it('is not said where little waits', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { heard, made } = await limitedBy({}, (_, sent) => sent > 1);
    await Promise.all([1, 2].map((i) => ask(made, 'POST', `/${i}`)));
    expect(heard).toEqual([]);
  });
});

/** A target that has answered a read, and then does what it is told for each method and path. */
async function turning(then: (method: string, path: string) => RequestListener) {
  const { heard, onWait } = listener();
  const clock = fakeClock();
  let now: typeof then = () => answering(200, '{}');
  const { url, requests } = await server((request, response) =>
    now(request.method ?? '', request.url ?? '')(request, response),
  );
  const made = client(url, { clock, concurrency: 4, requestsPerSecond: 50, settings: { onWait } });
  await ask(made, 'GET', '/list');
  now = then;
  return { heard, clock, made, requests };
}

describe('a target whose first probe hangs', () => {
  it('is said to be waited for before the probe ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let probed: (answer: () => void) => void = () => {};
    const probe = new Promise<() => void>((resolve) => {
      probed = resolve;
    });
    let puts = 0;
    const { heard, made } = await turning((method) => {
      if (method === 'GET') return (_request, response) => probed(() => response.end('{}'));
      puts += 1;
      return answering(puts === 1 ? 501 : 200, '{"message":"out of order"}');
    });
    const put = ask(made, 'PUT', '/1');
    const answer = await probe;
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(heard).toEqual(['the vendor failed (HTTP 501): out of order']);
    answer();
    await put;
    expect(heard.slice(1)).toEqual(['answered: true']);
  });
});

describe('writes that fail while reads are answered', () => {
  const failing = answering(503, '{"message":"read only"}');

  it('are tried for half a minute, which is said, where none succeeds', async () => {
    const { heard, clock, made } = await turning((method) =>
      method === 'GET' ? answering(200, '{}') : failing,
    );
    const began = clock.now();
    const faults = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => faultOf(ask(made, 'PUT', `/${i}`))));
    expect(heard).toEqual(['the vendor failed (HTTP 503): read only', 'answered: false']);
    expect(clock.now() - began).toBeGreaterThan(30_000);
    expect(clock.now() - began).toBeLessThan(60_000);
    expect(faults.some(({ sent }) => sent)).toBe(true);
    const later = await faultOf(ask(made, 'PUT', '/later'));
    expect(later.message).toMatch(/^not sent: the target failed for too long, so requests to it are paused/);
  });

  it('are not lost where that passes within 20 s', async () => {
    const { clock, made } = await turning((method) =>
      method === 'GET' || clock.now() > 20_000 ? answering(200, '{}') : failing,
    );
    await Promise.all([1, 2, 3, 4].map((i) => ask(made, 'PUT', `/${i}`)));
  });

  it('fail alone, after a few tries, where others succeed', async () => {
    const { heard, made, requests } = await turning((_method, path) =>
      path.startsWith('/bad') ? failing : answering(200, '{}'),
    );
    const bad = ['/bad-1', '/bad-2'].map((path) => faultOf(ask(made, 'PUT', path)));
    const good = Array.from({ length: 50 }, (_, i) => ask(made, 'PUT', `/${i}`));
    await Promise.all(good);
    expect((await Promise.all(bad)).map(({ message }) => message)).toEqual(
      Array(2).fill('the vendor failed (HTTP 503): read only'),
    );
    for (const path of ['/bad-1', '/bad-2'])
      expect(requests.filter(({ url }) => url === path).length).toBeLessThanOrEqual(7);
    expect(heard).toEqual([]);
    await ask(made, 'PUT', '/later');
  });
});
