import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type RawRequest, requestsOn } from './raw-request.js';

/** A reply as the emulator gave it, before anything happens to it. */
export interface Reply {
  status: number;
  /** Without those that say how the body is framed. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

/** Spoils one reply: writes whatever bytes it likes to the socket, and ends it or not. */
export type Spoil = (socket: Socket, reply: Reply) => void;

/** What the proxy does to the requests that a fault is about. */
export interface WireFault {
  method: string;
  /** Tested against path and query. */
  path: RegExp;
  /** How many requests are struck; without it, all. */
  times?: number;
  /** The request does not reach the vendor. */
  swallowed?: boolean;
  spoil: Spoil;
}

/**
 * Stands between the product and an emulator as a TCP server, so that it can do to a connection and to the bytes of a reply
 * whatever a network, a proxy or a broken server does. Every request has a connection of its own, so that a proxy
 * that is shut refuses the very next one.
 */
export interface FaultProxy {
  url: string;
  /** Where requests go on to. */
  upstream: string;
  /** Strikes from now on, instead of what was set before. */
  strike(fault: WireFault): void;
  /** Lets so many requests through and refuses every connection after them. */
  refuseAfter(requests: number): void;
  /** How many requests were struck since `strike`. */
  struck(): number;
  /** Lets everything through again. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openFaultProxy(): Promise<FaultProxy> {
  let left = Number.POSITIVE_INFINITY;
  let fault: WireFault | undefined;
  let struck = 0;
  const sockets = new Set<Socket>();

  async function answer(socket: Socket, incoming: RawRequest): Promise<void> {
    left -= 1;
    if (left <= 0) server.close();
    const { method, path } = incoming;
    const hit = fault?.method === method && fault.path.test(path) && struck < (fault.times ?? Infinity);
    const spoil = hit && fault ? fault.spoil : sendPlainly;
    if (hit) struck += 1;
    const reply = hit && fault?.swallowed ? NOTHING : await forward(proxy.upstream, incoming);
    if (socket.writable) spoil(socket, reply);
  }

  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    requestsOn(socket, (incoming) => void answer(socket, incoming).catch(() => socket.destroy()));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    upstream: '',
    strike(next) {
      fault = next;
      struck = 0;
    },
    refuseAfter(requests) {
      left = requests;
      if (left <= 0) server.close();
    },
    struck: () => struck,
    async mend() {
      left = Number.POSITIVE_INFINITY;
      fault = undefined;
      if (!server.listening) await listen(port);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

const NOTHING: Reply = { status: 200, headers: [], body: Buffer.alloc(0) };

function forward(upstream: string, { method, path, headers, body }: RawRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onward = request(
      upstream + path,
      { method, headers: { ...headers, connection: 'close' } },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({
            status: reply.statusCode ?? 502,
            headers: kept(reply.headers),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    onward.on('error', reject);
    onward.end(body);
  });
}

const FRAMING = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'date']);

function kept(headers: NodeJS.Dict<string | string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    FRAMING.has(name) || typeof value !== 'string' ? [] : [[name, value] as [string, string]],
  );
}

/** The head of a reply, with further header lines as given. */
export function head({ status, headers }: Reply, ...lines: string[]): string {
  const all = [...headers.map(([name, value]) => `${name}: ${value}`), ...lines, 'connection: close'];
  return `HTTP/1.1 ${status} Status\r\n${all.join('\r\n')}\r\n\r\n`;
}

/** The whole reply, framed by its length. */
export function plainly(reply: Reply): Buffer {
  // A body where none may be would be a fault of the proxy's own.
  if (reply.status === 204) return Buffer.from(head(reply));
  return Buffer.concat([Buffer.from(head(reply, `content-length: ${reply.body.length}`)), reply.body]);
}

export function sendPlainly(socket: Socket, reply: Reply): void {
  socket.end(plainly(reply));
}
