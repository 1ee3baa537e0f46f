import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/model/ports.js';
import { createDeadline } from '../../../src/platform/http/deadline.js';
import { toVendorError } from '../../../src/platform/http/network-error.js';
import { systemClock } from '../../../src/platform/process/clock.js';
import { answering, ask, client, fakeClock, faultOf, server } from '../../support/http-client.js';

describe('a deadline', () => {
  it('begins with the first try, and gives every try what is left', () => {
    const clock = fakeClock();
    const deadline = createDeadline(10_000, clock);
    clock.advance(500_000);
    expect(deadline.nextTry()).toBe(10_000);
    clock.advance(94_000);
    expect([deadline.allows(5000), deadline.allows(6000)]).toEqual([true, false]);
    expect(deadline.nextTry()).toBe(6000);
    clock.advance(6000);
    expect(deadline.nextTry()).toBe(0);
  });

  it('is three minutes at most, but never less than one try', () => {
    const clock = fakeClock();
    const usual = createDeadline(30_000, clock);
    const patient = createDeadline(300_000, clock);
    expect([usual.nextTry(), patient.nextTry()]).toEqual([30_000, 300_000]);
    expect([usual.allows(179_999), usual.allows(180_000)]).toEqual([true, false]);
    expect([patient.allows(299_999), patient.allows(300_000)]).toEqual([true, false]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'POST'])('ends the repetitions of a %s', async (method) => {
    const clock = fakeClock();
    const { url, requests } = await server(answering(429, '{}', { 'retry-after': '60' }));
    const made = client(url, { clock, timeoutMs: 5000 });
    expect((await faultOf(ask(made, method))).code).toBe('rate-limited');
    expect(requests).toHaveLength(2);
  });

  it('does not begin while a request waits for its first turn', async () => {
    const clock = fakeClock();
    const { url, requests } = await server((_request, response) => {
      clock.advance(100_000);
      response.end('{}');
    });
    const made = client(url, { clock, concurrency: 1, timeoutMs: 1000 });
    await Promise.all([1, 2, 3, 4].map((i) => ask(made, 'GET', `/${i}`)));
    expect(requests).toHaveLength(4);
  });

  it('is told from the timeout of one try', () => {
    const say = (allowedMs: number) => {
      const base = new URL('https://llm.example');
      const error = Object.assign(new Error(), { name: 'TimeoutError' });
      return toVendorError(error, { base, timeoutMs: 30_000, allowedMs, operation: 'PUT /' });
    };
    expect(say(30_000)).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 30 s') });
    expect(say(4000)).toMatchObject({ code: 'timeout', message: expect.stringContaining('repetitions') });
  });
});

describe('a limit', () => {
  it('holds back everything else for the same target', async () => {
    const clock = fakeClock();
    const arrivals: number[] = [];
    const { url, requests } = await server((_request, response) => {
      arrivals.push(clock.now());
      response.writeHead(arrivals.length === 1 ? 429 : 200, { 'retry-after': '60' }).end('{}');
    });
    const made = client(url, { clock, concurrency: 1 });
    await Promise.all(['/limited', '/other'].map((path) => ask(made, 'POST', path)));
    expect(requests.map((request) => request.url).sort()).toEqual(['/limited', '/limited', '/other']);
    expect(arrivals[0]).toBe(0);
    expect(Math.min(...arrivals.slice(1))).toBe(60_000);
  });

  it('does not keep the client from closing', async () => {
    const waits: number[] = [];
    const sleep: Clock['sleep'] = (ms, signal) => {
      waits.push(ms);
      return systemClock.sleep(ms, signal);
    };
    const { url } = await server(answering(429, '{}', { 'retry-after': '60' }));
    const made = client(url, { clock: { now: systemClock.now, sleep }, concurrency: 1 });
    const faults = ['POST', 'GET'].map((method) => faultOf(ask(made, method)));
    while (waits.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await made.close();
    expect((await Promise.all(faults)).map(({ code }) => code)).toEqual(['unreachable', 'unreachable']);
    expect(waits).toEqual([60_000, 60_000]);
    expect(made.counts).toEqual({ read: 0, write: 1 });
  });

  it('that is used up holds back the next request, until the window ends', async () => {
    const clock = fakeClock();
    const arrivals: number[] = [];
    const { url } = await server((_request, response) => {
      arrivals.push(clock.now());
      response.writeHead(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '45' }).end('{}');
    });
    const made = client(url, { clock });
    await ask(made, 'GET');
    await ask(made, 'PUT');
    expect(arrivals).toEqual([0, 45_000]);
    expect(clock.waits[0]).toBe(45_000);
  });

  it('without Retry-After is waited for by its reset', async () => {
    const clock = fakeClock();
    let first = true;
    const { url } = await server((_request, response) => {
      response.writeHead(first ? 429 : 200, { 'x-ratelimit-reset': '3' }).end('{}');
      first = false;
    });
    await ask(client(url, { clock }), 'POST');
    expect(clock.waits).toEqual([3000]);
  });
});
