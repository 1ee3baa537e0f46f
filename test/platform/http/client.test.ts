import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReadRequest, Vendor } from '../../../src/model/vendor.js';
import { openClient } from '../../../src/platform/http/client.js';
import {
  answering,
  clean,
  client,
  fakeClock,
  faultOf,
  reader,
  server,
  silentServer,
  writing,
} from '../../support/http-client.js';
import { target, vendor } from '../../support/loopback.js';

const certificate = fileURLToPath(new URL('../../support/certificates/localhost-cert.pem', import.meta.url));
const tls = {
  cert: readFileSync(certificate),
  key: readFileSync(new URL('../../support/certificates/localhost-key.pem', import.meta.url)),
};

describe('the client', () => {
  it('sends the credential, the base path, and a JSON body only where there is one', async () => {
    const { url, requests } = await server(answering(200, '{"id":"1"}'));
    const { read, write, counts } = client(`${url}/base`);
    expect(await read({ method: 'GET', path: '/v1/llms?page=2' })).toEqual({
      status: 200,
      body: { id: '1' },
    });
    await write({ ...writing('update', 'PUT', '/v1/llms/1'), body: { name: 'ä' } });
    await write(writing('remove', 'DELETE', '/v1/llms/1'));

    expect(requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/base/v1/llms?page=2', ''],
      ['PUT', '/base/v1/llms/1', '{"name":"ä"}'],
      ['DELETE', '/base/v1/llms/1', ''],
    ]);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-secret',
      accept: 'application/json',
    });
    expect(requests[0]?.headers['user-agent']).toMatch(/^llmform\//);
    expect(requests.map(({ headers }) => headers['content-type'])).toEqual([
      undefined,
      'application/json',
      undefined,
    ]);
    expect(counts).toEqual({ read: 1, write: 2 });
  });

  it('takes an empty answer for no body', async () => {
    const { url } = await server(answering(204, ''));
    expect(await client(url).write(writing('remove', 'DELETE', '/x'))).toEqual({
      status: 204,
      body: undefined,
    });
  });

  it('keeps to the number of requests in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const { url } = await server((_request, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        response.end('{}');
      }, 10);
    });
    const { read } = client(url, { concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, i) => read({ method: 'GET', path: `/${i}` })));
    expect(most).toBe(3);
  });

  it('sends nothing that was still waiting when it is closed', async () => {
    let arrived = () => {};
    const first = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url, requests } = await server(() => arrived());
    const { read, close } = client(url, { concurrency: 1 });
    const faults = [0, 1, 2].map((i) => faultOf(read({ method: 'GET', path: `/${i}` })));
    await first;
    await close();
    expect((await Promise.all(faults)).map(({ code }) => code)).toEqual(Array(3).fill('unreachable'));
    expect(requests).toHaveLength(1);
  });

  it('refuses a credential that a header cannot carry, without showing it', () => {
    expect(() => openClient(target('http://localhost'), vendor, 'sk-secret\nx', { clean })).toThrow(
      /^the credential of target test cannot be sent in an HTTP header$/,
    );
  });
});

describe('the reader', () => {
  it('refuses whatever is not a GET, and sends nothing', async () => {
    const { url, requests } = await server(answering(200, '{}'));
    const made = reader(url);
    expect(Object.keys(made).sort()).toEqual(['close', 'counts', 'read']);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'HEAD']) {
      const disguised = { method, path: '/x', body: {} } as unknown as ReadRequest;
      expect((await faultOf(made.read(disguised))).code).toBe('not-a-read');
    }
    expect(requests).toEqual([]);
    expect(made.counts).toEqual({ read: 0, write: 0 });
  });

  it('sends a GET even when the method changes after it was looked at', async () => {
    const { url, requests } = await server(answering(200, '{}'));
    let looks = 0;
    const shifty = {
      path: '/x',
      get method() {
        looks += 1;
        return looks === 1 ? 'GET' : 'DELETE';
      },
    } as unknown as ReadRequest;
    await reader(url).read(shifty);
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('answers that are not a clear yes', () => {
  const statuses = [
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [418, 'refused'],
    [422, 'invalid'],
    [429, 'rate-limited'],
    [500, 'server'],
    [503, 'server'],
  ] as const;

  it.each(statuses)('HTTP %i is %s', async (status, code) => {
    const { url } = await server(answering(status, '{"message":"no"}'));
    const { write } = client(url, { clock: fakeClock() });
    const fault = await faultOf(write({ ...writing('update', 'PUT', '/v1/x?token=t'), body: {} }));
    expect(fault).toMatchObject({ code, status, operation: 'PUT /v1/x' });
    // Our own words first: a vendor's may say anything.
    expect(fault.message).toMatch(new RegExp(`^[a-z ]+ \\(HTTP ${status}\\): no$`));
  });

  it('masks, cleans and shortens the vendor’s message', async () => {
    const message = `bad key sk-secret\u001b[31m\n\u202e${'so it is '.repeat(50)}`;
    const { url } = await server(answering(422, JSON.stringify({ message })));
    const fault = await faultOf(client(url).read({ method: 'GET', path: '/' }));
    const [ours, words = ''] = fault.message.split(/(?<=\(HTTP 422\)): /);
    expect(ours).toBe('the vendor found the request invalid (HTTP 422)');
    expect(words).toMatch(/^bad key \(sensitive\) (so it is )+s?o?…$/);
    expect(words).toHaveLength(300);
  });

  it('does not cut a secret in two', async () => {
    const message = `${'x'.repeat(295)}sk-secret`;
    const { url } = await server(answering(422, JSON.stringify({ message })));
    expect((await faultOf(client(url).read({ method: 'GET', path: '/' }))).message).not.toContain('sk-');
  });

  it('names the request, by the id that the vendor puts into a header', async () => {
    const reply = (id: string) => answering(500, '{"message":"try later"}', { 'x-request-id': id });
    const { url } = await server(reply('req_8f3K2jd93Jd'));
    const other = await server(reply('req-sk-secret'));
    const messageOf = async (at: string) =>
      (await faultOf(client(at).write(writing('create', 'POST', '/')))).message;
    expect(await messageOf(url)).toBe('the vendor failed (HTTP 500): try later [request req_8f3K2jd93Jd]');
    expect(await messageOf(other.url)).toBe('the vendor failed (HTTP 500): try later');
  });

  it('never shows a raw body', async () => {
    const { url } = await server(answering(403, '<html>sk-secret internal</html>'));
    const fault = await faultOf(client(url).read({ method: 'GET', path: '/' }));
    expect(fault.message).toBe('the credential does not allow this (HTTP 403)');
  });

  it.each([
    ['a login page', 'text/html', '<!doctype html><title>Log in</title>', /HTML page instead of JSON/],
    ['plain text', 'text/plain', 'OK', /text instead of JSON/],
    ['JSON that is cut off', 'application/json', '{"items":[{"id"', /broken or cut off/],
  ])('%s is not JSON', async (_name, type, body, words) => {
    const { url } = await server(answering(200, body, { 'content-type': type }));
    const fault = await faultOf(client(url).read({ method: 'GET', path: '/' }));
    expect(fault).toMatchObject({ code: 'not-json', status: 200 });
    expect(fault.message).toMatch(words);
  });

  it('does not follow redirects', async () => {
    const elsewhere = await server(answering(200, '{}'));
    const { url } = await server(answering(302, '', { location: `${elsewhere.url}/login?token=abc` }));
    const fault = await faultOf(client(url).read({ method: 'GET', path: '/' }));
    expect(fault).toMatchObject({ code: 'redirect', status: 302 });
    expect(fault.message).toContain(`localhost:${elsewhere.port}`);
    expect(fault.message).not.toContain('abc');
    expect(elsewhere.requests).toEqual([]);
  });

  it('finds the failure in a successful answer', async () => {
    const failure: Vendor['failure'] = ({ body }) =>
      JSON.stringify(body).includes('false') ? 'key sk-secret is wrong' : undefined;
    const { url } = await server(answering(200, '{"success":false}'));
    const fault = await faultOf(
      client(url, { of: { ...vendor, failure } }).read({ method: 'GET', path: '/' }),
    );
    expect(fault).toMatchObject({
      code: 'refused',
      message: 'the vendor answered that the request failed (HTTP 200): key (sensitive) is wrong',
    });
  });
});

describe('failures below HTTP', () => {
  it('names a host that refuses the connection', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const fault = await faultOf(
      client(`http://127.0.0.1:${port}`, { clock: fakeClock() }).read({ method: 'GET', path: '/x' }),
    );
    expect(fault).toMatchObject({ code: 'unreachable', operation: 'GET /x' });
    expect(fault.message).toContain(`127.0.0.1:${port} refused the connection`);
  });

  it('names a host that does not exist', async () => {
    const { read, counts } = client('http://nowhere.invalid');
    const fault = await faultOf(read({ method: 'GET', path: '/' }));
    expect(fault.code).toBe('unreachable');
    expect(fault.message).toContain('nowhere.invalid');
    expect(counts.read).toBeGreaterThan(0);
  });

  it.each([
    ['headers', () => {}],
    ['body', ((_request, response) => response.write('{')) as RequestListener],
  ] as [string, RequestListener][])('gives up on %s that do not come', async (_name, listener) => {
    const { url, requests } = await server(listener);
    const fault = await faultOf(client(url, { timeoutMs: 100 }).read({ method: 'GET', path: '/' }));
    expect(fault).toMatchObject({ code: 'timeout', operation: 'GET /' });
    expect(fault.message).toContain('within 0.1 s');
    expect(requests).toHaveLength(1);
  });

  it('gives up on an answer that drips for ever', async () => {
    const { url } = await server((_request, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    const fault = await faultOf(client(url, { timeoutMs: 150 }).read({ method: 'GET', path: '/' }));
    expect(fault.code).toBe('timeout');
  });

  it('gives up on a secure connection that is never made', async () => {
    const port = await silentServer();
    const { read } = client(`https://127.0.0.1:${port}`, { timeoutMs: 200 });
    const fault = await faultOf(read({ method: 'GET', path: '/' }));
    expect(fault).toMatchObject({ code: 'timeout', operation: 'GET /' });
    expect(fault.message).toContain('check that the host is up');
  });

  it('says what to do about a private certificate, and trusts it once told', async () => {
    const { url } = await server(answering(200, '{}'), tls);
    const fault = await faultOf(client(url).read({ method: 'GET', path: '/' }));
    expect(fault.code).toBe('tls');
    expect(fault.message).toContain('caFile');
    expect((await client(url, { caFile: certificate }).read({ method: 'GET', path: '/' })).status).toBe(200);
  });

  it('does not accept a certificate for another host', async () => {
    const { port } = await server(answering(200, '{}'), tls);
    const other = client(`https://127.0.0.1:${port}`, { caFile: certificate });
    const fault = await faultOf(other.read({ method: 'GET', path: '/' }));
    expect(fault).toMatchObject({ code: 'tls' });
    expect(fault.message).toContain('another host name');
  });

  it.each([
    ['is not there', 'nothing-here.pem', /cannot be read: no such file/],
    ['holds no certificate', 'client.test.ts', /holds no certificate/],
  ])('says so when caFile %s', async (_name, file, words) => {
    const caFile = fileURLToPath(new URL(`./${file}`, import.meta.url));
    const fault = await faultOf(client('https://localhost:1', { caFile }).read({ method: 'GET', path: '/' }));
    expect(fault.code).toBe('tls');
    expect(fault.message).toMatch(words);
  });

  it('notices that the other side does not speak TLS', async () => {
    const { port } = await server(answering(200, '{}'));
    const fault = await faultOf(client(`https://localhost:${port}`).read({ method: 'GET', path: '/' }));
    expect(fault.code).toBe('tls');
    expect(fault.message).toContain('does not speak TLS');
  });
});
