import { createHmac } from 'node:crypto';
import { errorCodeOf } from '../fs/files.js';
import { type Clock, systemClock } from '../process/clock.js';

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
    signal = new AbortController().signal,
  } = limits;
  const text = JSON.stringify(post.body);
  let reason = 'it was given up';
  for (let attempt = 1; attempt <= tries && !signal.aborted; attempt += 1) {
    const answer = await sendOnce(post, text, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    if (answer === undefined) return undefined;
    reason = answer.reason;
    if (!answer.again || attempt === tries) break;
    await clock.sleep(PAUSE_MS * 4 ** (attempt - 1), signal).catch(() => undefined);
  }
  return reason;
}

const PAUSE_MS = 500;

async function sendOnce(
  { url, secret }: JsonPost,
  text: string,
  signal: AbortSignal,
): Promise<{ reason: string; again: boolean } | undefined> {
  let status: number;
  try {
    const { origin, pathname, search } = new URL(url);
    const { default: ConnectionPool } = await import('undici/lib/dispatcher/pool.js');
    const { default: request } = await import('undici/lib/api/api-request.js');
    const pool = new ConnectionPool(origin, { connections: 1, maxResponseSize: 64 * 1024 });
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
      await pool.destroy();
    }
  } catch (error) {
    return { reason: networkReason(error), again: !(error instanceof TypeError) };
  }
  if (status >= 200 && status < 300) return undefined;
  return { reason: `the server answered ${status}`, again: status === 429 || status >= 500 };
}

/** `sha256=` and the HMAC of the text in hexadecimal digits. */
export function signBody(text: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

function networkReason(error: unknown): string {
  if (error instanceof TypeError) return 'its address is not a URL';
  if (error instanceof Error && error.name === 'TimeoutError') return 'the server did not answer in time';
  const code = errorCodeOf(error);
  return code === '' ? 'the connection failed' : `the connection failed: ${code}`;
}
