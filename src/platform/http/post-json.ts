import { createHmac } from 'node:crypto';
import { VendorError } from '../../model/vendor-error.js';
import { errorCodeOf } from '../fs/files.js';
import { type Clock, systemClock } from '../process/clock.js';
import { openConnections } from './connections.js';
import { findProxy, type HttpProxy, type Variables } from './proxy.js';
import { ProxyError } from './proxy-tunnel.js';

/** One message to a foreign server. */
export interface JsonPost {
  url: string;
  /** As JSON. */
  body: unknown;
  /** Signs the body in `X-Llmform-Signature-256`, as GitHub signs its webhooks. */
  secret?: string | undefined;
}

export interface PostLimits {
  /** Of one try; default 10 seconds. */
  timeoutMs?: number;
  /** Default 3. */
  tries?: number;
  clock?: Clock;
  /** The variables that may name a proxy; default: none. */
  env?: Variables;
  /** Gives up when it fires. */
  signal?: AbortSignal;
}

/**
 * Sends it, a few times if need be. Returns undefined when the server took it, else why it did not: that text names no
 * address, which may be a secret itself. Redirects are not followed. Never throws.
 */
export async function postJson(post: JsonPost, limits: PostLimits = {}): Promise<string | undefined> {
  const {
    timeoutMs = 10_000,
    tries = 3,
    clock = systemClock,
    env = {},
    signal = new AbortController().signal,
  } = limits;
  const text = JSON.stringify(post.body);
  let reason = 'it was given up';
  for (let attempt = 1; attempt <= tries && !signal.aborted; attempt += 1) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await sendOnce(post, text, env, limit);
    if (answer === undefined) return undefined;
    reason = answer.reason;
    if (!answer.again || attempt === tries) break;
    await clock.sleep(PAUSE_MS * 4 ** (attempt - 1), signal).catch(() => undefined);
  }
  return reason;
}

const PAUSE_MS = 500;
const LIMITS = { connections: 1, maxResponseSize: 64 * 1024, connectMs: 10_000, title: 'the recipient' };

async function sendOnce(
  { url, secret }: JsonPost,
  text: string,
  env: Variables,
  signal: AbortSignal,
): Promise<{ reason: string; again: boolean } | undefined> {
  let status: number;
  let proxy: HttpProxy | undefined;
  try {
    const address = new URL(url);
    const { origin, pathname, search } = address;
    proxy = findProxy(address, env);
    const { default: request } = await import('undici/lib/api/api-request.js');
    const { pool, destroy } = await openConnections(origin, proxy, LIMITS);
    try {
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'llmform',
        ...(secret !== undefined && { 'x-llmform-signature-256': signBody(text, secret) }),
      };
      const path = pathname + search;
      const answer = await request.call(pool, { method: 'POST', path, headers, body: text, signal });
      status = answer.statusCode;
    } finally {
      await destroy();
    }
  } catch (error) {
    return { reason: networkReason(error, proxy), again: mayPass(error) };
  }
  if (status >= 200 && status < 300) return undefined;
  return { reason: `the server answered ${status}`, again: status === 429 || status >= 500 };
}

/** `sha256=` and the HMAC of the text in hexadecimal digits. */
export function signBody(text: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

function mayPass(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof VendorError) return false;
  return !(error instanceof ProxyError && error.code === 'proxy-refused');
}

/** A proxy is named, other than the address: the operator chose it, and it may be the reason. */
function networkReason(error: unknown, proxy: HttpProxy | undefined): string {
  if (error instanceof TypeError) return 'its address is not a URL';
  // The variable holds no proxy, or the proxy has no way.
  if (error instanceof VendorError || error instanceof ProxyError) return error.message;
  const through = proxy === undefined ? '' : ` through the proxy ${proxy.place}`;
  if (error instanceof Error && error.name === 'TimeoutError')
    return `the server did not answer in time${through}`;
  const code = errorCodeOf(error);
  return `the connection${through} failed${code === '' ? '' : `: ${code}`}`;
}
