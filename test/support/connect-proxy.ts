import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsTunnel } from 'node:tls';
import { later } from './project.js';

export interface ProxySettings {
  /** The ports on loopback of the names that it knows, as `vendor.example:443`; of all others it has the own port. */
  routes?: Record<string, number>;
  /** User and password that it asks for, as `user:password`. */
  user?: string;
  /** Answers every CONNECT with this text, as it is, and closes. */
  answer?: string;
  /** Takes the connection and never answers. */
  silent?: boolean;
  /** Speaks TLS itself. */
  tls?: { key: string; cert: string };
}

/** A real CONNECT proxy on loopback. Every name that it is asked for is on this machine. */
export interface ConnectProxy {
  /** With the user and the password, where it asks for some. */
  url: string;
  /** Host and port. */
  place: string;
  /** Where it was asked to connect to, in order. */
  asked: string[];
  /** The tunnels that are open. */
  open(): number;
}

/** The running test's end closes it. */
export async function connectProxy(settings: ProxySettings = {}): Promise<ConnectProxy> {
  const { routes = {}, user, answer, silent = false, tls } = settings;
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  let tunnels = 0;
  const server = tls ? createTlsServer(tls) : createServer();
  const keep = (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const destination = request.url ?? '';
    asked.push(destination);
    keep(socket);
    if (silent) return;
    if (answer !== undefined) return void socket.end(answer);
    const expected = user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
    if (request.headers['proxy-authorization'] !== expected) {
      return void socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n',
      );
    }
    const way: Socket = connect(routes[destination] ?? Number(destination.split(':').at(-1)), '127.0.0.1');
    keep(way);
    way.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    way.on('connect', () => {
      tunnels += 1;
      socket.on('close', () => {
        tunnels -= 1;
        way.destroy();
      });
      way.on('close', () => socket.destroy());
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      way.write(head);
      way.pipe(socket).pipe(way);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  later(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const place = `127.0.0.1:${port}`;
  const given = user === undefined ? '' : `${user.split(':').map(encodeURIComponent).join(':')}@`;
  return { url: `${tls ? 'https' : 'http'}://${given}${place}`, place, asked, open: () => tunnels };
}

/** TLS in front of a server on loopback that speaks none. Returns its port. */
export async function tlsInFrontOf(url: string, tls: { key: string; cert: string }): Promise<number> {
  const sockets = new Set<Duplex>();
  const server = createTlsTunnel(tls, (socket) => {
    const inner = connect(Number(new URL(url).port), '127.0.0.1');
    for (const one of [socket, inner]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        socket.destroy();
        inner.destroy();
      });
    }
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
