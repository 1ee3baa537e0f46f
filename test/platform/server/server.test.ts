import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ResponseStream,
  type RunningServer,
  type ServerSettings,
  startServer,
} from '../../../src/platform/server/server.js';
import { ask, until } from '../../support/ask.js';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Route = Parameters<typeof startServer>[1];

async function start(route: Route, more: Partial<ServerSettings> = {}): Promise<string> {
  server = await startServer({ host: '127.0.0.1', port: 0, ...more }, route);
  return server.url;
}

describe('a server', () => {
  it('hands over what was asked, and answers with what it is given', async () => {
    const url = await start(({ method, path, query, body, header }) => ({
      status: 200,
      body: [method, path, query.get('q'), body.toString(), header('x-one')].join(' '),
    }));
    const answer = await ask(`${url}/a%20b?q=1`, { body: 'text', headers: { 'x-one': '1' } });
    expect(answer).toMatchObject({ status: 200, body: 'POST /a%20b 1 text 1' });
  });

  it('gives no body to HEAD, and no detail of what went wrong', async () => {
    const errors: unknown[] = [];
    const url = await start(
      ({ path }) => {
        if (path === '/bad') throw new Error('the password is 1234');
        return { status: 200, body: 'hello' };
      },
      { onError: (error) => errors.push(error), headers: { 'x-guard': 'yes' } },
    );
    const head = await ask(`${url}/`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } });
    const bad = await ask(`${url}/bad`);
    expect(bad).toMatchObject({ status: 500, body: 'Internal error\n', headers: { 'x-guard': 'yes' } });
    expect(String(errors)).toContain('1234');
  });

  it.each([
    ['in one piece', { 'content-length': String(1024 * 1024 + 1) }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('refuses a body that is too large, %s, without calling the route', async (_, headers) => {
    let calls = 0;
    const url = await start(() => {
      calls += 1;
      return { status: 200 };
    });
    const exact = await ask(url, { body: Buffer.alloc(1024 * 1024) });
    const larger = await ask(url, { body: Buffer.alloc(1024 * 1024 + 1), headers });
    expect({ exact: exact.status, larger: larger.status, calls }).toEqual({
      exact: 200,
      larger: 413,
      calls: 1,
    });
  });

  it('on loopback answers only to names of this machine, and to allowed ones', async () => {
    const url = await start(() => ({ status: 200 }), { allowHosts: ['watch.example'] });
    const port = new URL(url).port;
    const status = async (host: string) => (await ask(url, { headers: { host } })).status;
    for (const host of [
      `127.0.0.1:${port}`,
      'localhost',
      'LOCALHOST.',
      `[::1]:${port}`,
      'watch.example:80',
    ]) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      '[::2]',
    ]) {
      expect([host, await status(host)]).toEqual([host, 421]);
    }
  });

  it.each([
    ['every name', undefined, { 'evil.example': 200, '10.1.2.3:9440': 200 }],
    [
      'names that are given, and addresses',
      ['watch.example'],
      {
        'watch.example': 200,
        localhost: 200,
        '10.1.2.3:9440': 200,
        '[fd00::1]': 200,
        'evil.example': 421,
        '1.2.3.4.nip.io': 421,
      },
    ],
  ])('elsewhere answers to %s', async (_, allowHosts, answers) => {
    const url = await start(() => ({ status: 200 }), { host: '0.0.0.0', ...(allowHosts && { allowHosts }) });
    for (const [host, status] of Object.entries(answers)) {
      const at = `http://127.0.0.1:${new URL(url).port}`;
      expect([host, (await ask(at, { headers: { host } })).status]).toEqual([host, status]);
    }
  });

  it('says why it cannot listen', async () => {
    const url = await start(() => ({ status: 200 }));
    const port = Number(new URL(url).port);
    await expect(startServer({ host: '127.0.0.1', port }, () => ({ status: 200 }))).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: something else listens there`,
    );
  });

  it('drops a reader of a stream that does not read, and keeps little for it', async () => {
    let outlet: ResponseStream | undefined;
    let gone = false;
    const url = await start(() => ({
      headers: { 'content-type': 'text/event-stream' },
      open(opened) {
        outlet = opened;
        return () => {
          gone = true;
        };
      },
    }));
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    socket.pause();
    await until('the stream is open', () => outlet !== undefined);

    const chunk = 'x'.repeat(64 * 1024);
    let sent = 0;
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await until('the reader is dropped', async () => {
      for (let i = 0; i < 16 && !gone; i += 1) {
        outlet?.send(chunk);
        sent += chunk.length;
        await new Promise(setImmediate);
      }
      return gone || sent > 256 * 1024 * 1024;
    });
    expect(gone).toBe(true);
    // What the kernel takes in for both ends, and no more than a little of ours.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(
      64 * 1024 * 1024,
    );
    socket.destroy();
  });

  it('closes with connections open: idle ones, streams, and an answer that never comes', async () => {
    let open = 0;
    const url = await start(({ path }) => {
      if (path === '/never') return new Promise(() => {});
      return {
        headers: {},
        open() {
          open += 1;
          return () => {
            open -= 1;
          };
        },
      };
    });
    const port = Number(new URL(url).port);
    const sockets = ['/stream', '/never', undefined].map((path) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      if (path !== undefined) socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      socket.resume();
      return { socket, closed: once(socket, 'close') };
    });
    await until('the stream is open', () => open === 1);
    await server?.close();
    await Promise.all(sockets.map(({ closed }) => closed));
    expect(open).toBe(0);
  });
});
