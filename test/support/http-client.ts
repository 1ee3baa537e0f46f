import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect } from 'vitest';
import type { Client, Clock, Reader } from '../../src/model/ports.js';
import type { Target } from '../../src/model/project.js';
import type { Vendor, WriteRequest } from '../../src/model/vendor.js';
import { VendorError } from '../../src/model/vendor-error.js';
import { type ConnectionSettings, openClient, openReader } from '../../src/platform/http/client.js';
import { createMask } from '../../src/platform/secrets/mask.js';
import { type Loopback, serve, target, vendor } from './loopback.js';

export { type FakeClock, fakeClock } from './fake-clock.js';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

export const { add, clean } = createMask();
add('sk-secret');

/** Closed when the test is over, like everything that is opened here. */
export async function server(
  listener: RequestListener,
  secure?: { key: Buffer; cert: Buffer },
): Promise<Loopback> {
  const loopback = await serve(listener, secure);
  opened.push(loopback);
  return loopback;
}

/** Takes connections and never says a word. Returns its port. */
export async function silentServer(): Promise<number> {
  return rawServer(() => {});
}

/** Does with the sockets of its connections as it likes. Returns its port. */
export async function rawServer(take: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const raw = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    take(socket);
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  opened.push({
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => raw.close(resolve));
    },
  });
  return (raw.address() as AddressInfo).port;
}

interface ClientOptions extends Partial<Target> {
  of?: Vendor;
  clock?: Clock;
  credential?: string;
  settings?: Omit<ConnectionSettings, 'clean' | 'clock'>;
}

export function client(
  url: string,
  { of = vendor, clock, credential = 'sk-secret', settings = {}, ...rest }: ClientOptions = {},
): Client {
  const made = openClient(target(url, rest), of, credential, { clean, ...(clock && { clock }), ...settings });
  opened.push(made);
  return made;
}

export function reader(url: string, rest: Partial<Target> = {}): Reader {
  const made = openReader(target(url, rest), vendor, 'sk-secret', { clean });
  opened.push(made);
  return made;
}

/** A request of any method, through the method of the client that is meant for it. */
export function ask({ read, write }: Client, method: string, path = '/'): Promise<unknown> {
  if (method === 'GET') return read({ method, path });
  const op = method === 'POST' ? 'create' : method === 'DELETE' ? 'remove' : 'update';
  return write({
    ...writing(op, method as WriteRequest['method'], path),
    ...(method !== 'DELETE' && { body: { a: 1 } }),
  });
}

/** A write that is repeatable as the core would have it, unless the vendor says otherwise. */
export function writing(
  op: WriteRequest['op'],
  method: WriteRequest['method'],
  path: string,
  repeatable = op !== 'create',
): WriteRequest {
  return { op, repeatable, method, path };
}

export async function faultOf(promise: Promise<unknown>): Promise<VendorError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VendorError);
  return error as VendorError;
}

export function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

export const dropping: RequestListener = (_request, response) => response.destroy();

/** Fails so often, then answers. */
export function failing(times: number, fail: RequestListener): RequestListener {
  let left = times;
  return (request, response) => {
    left -= 1;
    if (left >= 0) fail(request, response);
    else response.end('{"ok":true}');
  };
}
