import type { RawResponse } from './parse-response.js';

type Head = Pick<RawResponse, 'status' | 'headers'>;
type Headers = RawResponse['headers'];

const LONGEST_WAIT_MS = 60_000;
/** Above this, a reset is not "in so many seconds" but a point in time, as some APIs send it. */
const EPOCH_SECONDS = 1e9;

/**
 * How long the vendor asks to wait before the request is sent again, in milliseconds, at most a minute: its
 * `Retry-After`, or after a 429 what is left of its window. Undefined: it does not say.
 */
export function requestedWaitMs({ status, headers }: Head, now: number): number | undefined {
  return retryAfterMs(headers['retry-after'], now) ?? (status === 429 ? resetMs(headers, now) : undefined);
}

/**
 * How long nothing at all may be sent to the account, in milliseconds: after a 429, and after an answer that was the
 * last one allowed. A limit concerns the whole account, so everything else had better wait as well.
 */
export function rateLimitPauseMs(reply: Head, now: number): number | undefined {
  if (reply.status === 429) return requestedWaitMs(reply, now);
  const spent = reply.status < 300 && numberIn(reply.headers, 'ratelimit-remaining') === 0;
  return spent ? resetMs(reply.headers, now) : undefined;
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; undefined when it says nothing useful. */
export function retryAfterMs(value: Headers[string], now: number): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = value.trim();
  return capped(/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now);
}

/**
 * What is left of the window, from `RateLimit-Reset` or `X-RateLimit-Reset`, in seconds: sources
 * https://docs.liveavatar.com/docs/core-concepts/rate-limits.md (sent with every answer) and Anam's API reference.
 */
function resetMs(headers: Headers, now: number): number | undefined {
  const reset = numberIn(headers, 'ratelimit-reset');
  if (reset === undefined) return undefined;
  return capped(reset > EPOCH_SECONDS ? reset * 1000 - now : reset * 1000);
}

function numberIn(headers: Headers, name: string): number | undefined {
  const value = headers[name] ?? headers[`x-${name}`];
  return typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function capped(ms: number): number | undefined {
  return ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined;
}
