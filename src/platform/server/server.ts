import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DiagnosticError, error } from '../../model/diagnostic.js';
import { createHostCheck } from './allowed-hosts.js';
import { readBody } from './read-body.js';
import { openResponseStream, type ResponseStream } from './response-stream.js';

export type { ResponseStream } from './response-stream.js';

/** One request, its body read: at most 1 MiB, and only of a POST. */
export interface WebRequest {
  method: string;
  /** The path as it was sent, without the query. */
  path: string;
  query: URLSearchParams;
  /** The name in lower case. */
  header(name: string): string | undefined;
  body: Buffer;
  /** The address at the other end of the connection. */
  from: string;
}

export interface WebReply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Buffers are sent without copying, so that many slow readers share them. */
  body?: string | readonly Buffer[];
}

/** An answer that goes on until one side ends it. */
export interface WebStream {
  headers: Readonly<Record<string, string>>;
  /** Called once the headers are out; what it returns is called when the reader is gone. */
  open(outlet: ResponseStream): () => void;
}

export type WebAnswer = WebReply | WebStream;

export interface ServerSettings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Names beside those of the own machine under which it may be reached; without any, only loopback is so strict. */
  allowHosts?: readonly string[];
  /** Sent with every answer, errors included. */
  headers?: Readonly<Record<string, string>>;
  /** Hears of what a route threw. The reader gets a 500 without a detail. */
  onError?: (error: unknown) => void;
}

export interface RunningServer {
  url: string;
  /** Ends streams, lets answers under way finish for a moment, and leaves no connection open. */
  close(): Promise<void>;
}

/** Serves `route` over plain HTTP. Slow, idle and endless requests are cut off. */
export async function startServer(
  settings: ServerSettings,
  route: (request: WebRequest) => WebAnswer | Promise<WebAnswer>,
): Promise<RunningServer> {
  const streams = new Set<ResponseStream>();
  let allowed = (_host: string | undefined): boolean => false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!allowed(request.headers.host)) return reply(request, response, MISDIRECTED);
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?');
    if (!path.startsWith('/')) return reply(request, response, { status: 400, body: 'Bad request\n' });
    const body = request.method === 'POST' ? await readBody(request) : Buffer.alloc(0);
    if (body === undefined) return reply(request, response, TOO_LARGE);
    const given = await route({
      method: request.method ?? '',
      path,
      query: new URLSearchParams(query),
      header: (name) => String(request.headers[name] ?? '') || undefined,
      body,
      from: request.socket.remoteAddress ?? '',
    });
    if (!('open' in given)) return reply(request, response, given);
    if (request.method === 'HEAD') return reply(request, response, { status: 200, headers: given.headers });
    response.writeHead(200, given.headers).flushHeaders();
    openResponseStream(response, given.open, streams);
  }

  const server = createServer(LIMITS, (request, response) => {
    for (const [name, value] of Object.entries(settings.headers ?? {})) response.setHeader(name, value);
    answer(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      settings.onError?.(error);
      if (response.headersSent) response.destroy();
      else reply(request, response, { status: 500, body: 'Internal error\n' });
    });
  });
  server.maxConnections = 1000;
  // A connection over which nothing moves, such as a reader that does not read. Streams have their heartbeat.
  server.timeout = 60_000;
  await listen(server, settings);
  const { address, port } = server.address() as AddressInfo;
  allowed = createHostCheck(address, settings.allowHosts ?? []);
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host.replace(/^\[|\]$/g, '')}]` : settings.host}:${port}`,
    close: () => close(server, streams),
  };
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};
const GRACE_MS = 500;

const MISDIRECTED: WebReply = {
  status: 421,
  body: 'This server does not answer to that name. Reach it as localhost, or give its name as watch.url.\n',
};
const TOO_LARGE: WebReply = {
  status: 413,
  headers: { connection: 'close' },
  body: 'The body is larger than 1 MiB\n',
};

function reply(request: IncomingMessage, response: ServerResponse, { status, headers, body = '' }: WebReply) {
  const chunks = typeof body === 'string' ? [Buffer.from(body)] : body;
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const content = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(length) };
  response.writeHead(status, { ...content, ...headers });
  if (request.method !== 'HEAD') for (const chunk of chunks) response.write(chunk);
  response.end();
}

async function listen(server: Server, { host, port }: ServerSettings): Promise<void> {
  const bare = host.replace(/^\[|\]$/g, '');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, bare, resolve);
    });
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code ?? '';
    throw new DiagnosticError(
      error('usage', `cannot listen on ${host}:${port}: ${REASONS[code] ?? code}`, {
        detail: 'Choose another address with --listen HOST:PORT.',
      }),
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such name',
};

async function close(server: Server, streams: ReadonlySet<ResponseStream>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const outlet of [...streams]) outlet.end();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(cut);
}

function splitOnce(text: string, at: string): string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
