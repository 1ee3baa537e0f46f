import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { LlmformError } from '../../model/llmform-error.js';
import { errorCodeOf } from '../fs/files.js';
import type { HttpProxy } from './proxy.js';

/** The kind of a fault between us and a proxy. Nothing has reached the destination by then. */
type ProxyFault =
  | 'proxy-down' // it may pass: no connection, or the proxy has none
  | 'proxy-refused' // the proxy does not let us
  | 'proxy-slow'
  | 'proxy-tls'
  | 'proxy-protocol'; // it speaks no HTTP

/** There is no way through the proxy. The message names it by host and port. */
export class ProxyError extends LlmformError {
  override readonly name = 'ProxyError';
  readonly code: ProxyFault;

  constructor(code: ProxyFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface TunnelSettings {
  /** The name of the destination in messages; default: its host and port. */
  title?: string | undefined;
  /** For the way through the proxy, and again for TLS with the destination. */
  timeoutMs: number;
  /** Ends what is being opened. */
  signal: AbortSignal;
}

/**
 * Connects through a proxy (CONNECT): it sees the destination's host and port, and of https nothing else. undici's
 * `ProxyAgent` does the same without a limit for the time of it, and says of a refusal only that there was one.
 */
export function createTunnelConnector(
  proxy: HttpProxy,
  toTls: buildConnector.connector,
  settings: TunnelSettings,
): buildConnector.connector {
  return (options, callback) => {
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    openTunnel(proxy, `${options.hostname}:${port}`, settings).then(
      (socket) => {
        if (options.protocol === 'https:') toTls({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

async function openTunnel(
  proxy: HttpProxy,
  destination: string,
  { title = destination, timeoutMs, signal }: TunnelSettings,
): Promise<Socket> {
  const { request } = await (proxy.secure ? import('node:https') : import('node:http'));
  const { host, port, authorization } = proxy;
  const headers: OutgoingHttpHeaders = { host: destination };
  if (authorization !== undefined) headers['proxy-authorization'] = authorization;
  return new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(timeoutMs);
    const asking = request({
      host,
      port,
      method: 'CONNECT',
      path: destination,
      headers,
      agent: false,
      signal: AbortSignal.any([signal, late]),
    });
    asking.on('error', (error) => reject(late.aborted ? slow(proxy, title) : faultOf(error, proxy)));
    asking.on('connect', (answer: IncomingMessage, socket: Socket, first: Buffer) => {
      const { statusCode = 0 } = answer;
      // Without a listener, a fault between two owners of the socket would end the process.
      socket.on('error', () => undefined);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(refusal(statusCode, proxy, title));
        return;
      }
      if (first.length > 0) socket.unshift(first);
      resolve(socket.setNoDelay(true).setKeepAlive(true, 60_000));
    });
    asking.end();
  });
}

function slow({ place }: HttpProxy, destination: string): ProxyError {
  return new ProxyError('proxy-slow', `the proxy ${place} did not connect to ${destination} in time`);
}

/** Statuses with which a proxy says that the destination does not answer, or that it is busy itself. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

function refusal(
  status: number,
  { place, variable, authorization }: HttpProxy,
  destination: string,
): ProxyError {
  if (status === 407) {
    const why =
      authorization === undefined ? 'asks for a user and a password' : 'refused the user or the password';
    return new ProxyError('proxy-refused', `the proxy ${place} ${why} (407); check ${variable}`);
  }
  if (PASSING.has(status)) {
    const message = `the proxy ${place} has no connection to ${destination} (${status}); check baseUrl, and NO_PROXY for a host inside your network`;
    return new ProxyError('proxy-down', message);
  }
  const message = `the proxy ${place} refused to connect to ${destination} (${status}): it has to be allowed there, or named in NO_PROXY if it is inside your network`;
  return new ProxyError('proxy-refused', message);
}

function faultOf(error: Error, { place, variable, secure }: HttpProxy): ProxyError {
  const code = errorCodeOf(error);
  if (code === 'ENOTFOUND') {
    return new ProxyError('proxy-refused', `cannot resolve the proxy ${place}; check ${variable}`, error);
  }
  if (code === 'ECONNREFUSED') {
    const message = `the proxy ${place} refused the connection; check ${variable}, and that the proxy runs`;
    return new ProxyError('proxy-down', message, error);
  }
  if (code.startsWith('HPE_')) {
    return new ProxyError(
      'proxy-protocol',
      `the proxy ${place} does not speak HTTP; check ${variable}`,
      error,
    );
  }
  if (secure && /^(CERT_|ERR_SSL_|ERR_TLS_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    const message = `no secure connection to the proxy ${place} (${code}); check ${variable}, and NODE_EXTRA_CA_CERTS for a private authority`;
    return new ProxyError('proxy-tls', message, error);
  }
  const known = code === '' ? '' : ` (${code})`;
  return new ProxyError('proxy-down', `the connection to the proxy ${place} was lost${known}`, error);
}
