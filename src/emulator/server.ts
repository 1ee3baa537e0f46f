import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../model/json.js';
import type { EmulatedApi, EmulatedReply } from './api.js';
import { dispatch, findRoute, type Match, parseJson } from './dispatch.js';
import { type Fault, type FaultEffect, takeFault } from './fault.js';
import type { SharedOptions } from './rewrite-text.js';
import type { Store } from './store.js';

export type { VendorEmulator } from './api.js';

/** A request that reached an emulator. Write-only fields stand in `body` as they were sent. */
export interface RecordedRequest {
  method: string;
  /** With query. */
  path: string;
  /** The parsed JSON, the text where it was none, undefined where there was none. */
  body: Json | undefined;
  /** The status of the answer; 0 as long as there is none, and for ever after a dropped connection. */
  status: number;
}

export interface EmulatorServerSettings {
  port: number;
  credential: string;
  latencyMs: number;
  options: SharedOptions;
  /** Milliseconds of the clock that reads lag by. */
  now(): number;
  tls?: { key: string; cert: string };
}

export interface RunningEmulatorServer {
  url: string;
  close(): Promise<void>;
}

const bodyLimit = 16 * 1024 * 1024;

/** Serves an API on loopback, recording what comes in and doing harm where a fault says so. */
export async function startEmulatorServer(
  api: EmulatedApi,
  settings: EmulatorServerSettings,
  log: { requests: RecordedRequest[]; faults: Fault[] },
): Promise<RunningEmulatorServer> {
  const closing = new AbortController();
  // Every request that waits listens to it.
  setMaxListeners(0, closing.signal);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      if (closing.signal.aborted || response.headersSent || response.destroyed) response.destroy();
      else send(response, { status: 500, text: `The emulator itself failed: ${error}`, type: 'text/plain' });
    });
  };
  const server = settings.tls ? createTlsServer(settings.tls, listener) : createServer(listener);
  // Longer than any client keeps a connection: a close from this side would look like a dropped request.
  server.keepAliveTimeout = 600_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const text = await readText(request);
    const recorded: RecordedRequest = {
      method,
      path,
      body: parseJson(text) ?? (text || undefined),
      status: 0,
    };
    log.requests.push(recorded);
    if (settings.latencyMs > 0) await delay(settings.latencyMs, undefined, { signal: closing.signal });

    const match = findRoute(api.routes, method, path);
    const { kind, paged = false } = match.route ?? {};
    const effect = takeFault(log.faults, { method, path, kind, paged });
    const answerNow = () =>
      dispatch(api, { method, path, headers, text }, match, {
        credential: settings.credential,
        rewrites: settings.options.rewritesText,
        effect,
      });
    const work =
      method === 'GET' ? () => asShown(Object.values(api.stores), settings.now(), answerNow) : answerNow;
    const reply = await disturb(effect, misled(effect, work, api, match), response, closing.signal);
    if (!reply) return;
    recorded.status = reply.status;
    send(response, { ...reply, headers: { ...api.headers, ...reply.headers } });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${settings.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Does a read on what reads show by now, in all stores. */
function asShown(stores: readonly Store[], date: number, work: () => EmulatedReply): EmulatedReply {
  const [first, ...others] = stores;
  return first === undefined ? work() : first.asShown(date, () => asShown(others, date, work));
}

/** The work as a vendor does it whose answers are wrong though they look right. */
function misled(
  effect: FaultEffect | undefined,
  work: () => EmulatedReply,
  { stores }: EmulatedApi,
  { route, id }: Match,
): () => EmulatedReply {
  const store = route?.kind === undefined ? undefined : stores[route.kind];
  if (effect?.type === 'ignored' && store !== undefined) return () => store.withoutRemoving(work);
  if (effect?.type !== 'wrong-id' || id === '') return work;
  return () => {
    const { text, ...reply } = work();
    return text === undefined ? reply : { ...reply, text: text.replaceAll(id, randomUUID()) };
  };
}

/** Does the work as far as the effect allows. No reply means that there is nothing left to send. */
async function disturb(
  effect: FaultEffect | undefined,
  work: () => EmulatedReply,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<EmulatedReply | undefined> {
  switch (effect?.type) {
    case 'status': {
      if (effect.applied) work();
      const { status, body, headers = {} } = effect;
      if (typeof body === 'string') return { status, text: body, type: 'text/plain', headers };
      return body === undefined ? { status, headers } : { status, text: JSON.stringify(body), headers };
    }
    case 'reset': {
      if (effect.when !== 'before') {
        const reply = work();
        if (effect.when === 'during') await sendHalf(response, reply);
      }
      response.destroy();
      return undefined;
    }
    case 'hang':
      if (effect.applied) work();
      return undefined;
    case 'slow':
      await delay(effect.ms, undefined, { signal: closing });
      return work();
    case 'truncate': {
      const reply = work();
      return { ...reply, text: half(reply.text ?? '') };
    }
    case 'html':
      return { status: effect.status ?? 200, type: 'text/html', text: signInPage };
    case 'empty': {
      const { text: _, ...reply } = work();
      return reply;
    }
    case 'meanwhile':
      effect.run();
      return work();
    default:
      return work();
  }
}

const signInPage =
  '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';

function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

function send(response: ServerResponse, reply: EmulatedReply): void {
  const { status, text = '', type = 'application/json; charset=utf-8', headers } = reply;
  const content = text === '' ? {} : { 'content-type': type };
  // Neither a 204 nor a 304 has a length.
  const length = status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...content, ...length, ...headers }).end(text);
}

async function sendHalf(response: ServerResponse, reply: EmulatedReply): Promise<void> {
  const { status, text = '' } = reply;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  await new Promise<void>((resolve) => response.write(half(text) || ' ', () => resolve()));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    length += part.length;
    if (length > bodyLimit) throw new Error(`a body of more than ${bodyLimit} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
