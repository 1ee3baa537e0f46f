import { VendorError } from '../model/vendor-error.js';
import type { Reply } from './answer.js';
import { isLostConnection } from './fault.js';

const MAX_RETRIES = 3;
const BASE_MS = 200;
const CAP_MS = 5_000;
const RETRY_AFTER_CAP_MS = 60_000;
const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Repeats a read that failed in a way that may pass: at most 3 times, with full jitter, or as long as the
 * vendor's `Retry-After` asks. A timeout is not repeated: the user set the limit for how long to wait.
 */
export async function replyWithRetries(
  send: () => Promise<Reply>,
  wait: { pause(ms: number): Promise<void> },
): Promise<Reply> {
  for (let retry = 0; ; retry += 1) {
    const last = retry === MAX_RETRIES;
    try {
      const reply = await send();
      if (last || !RETRIED_STATUSES.has(reply.status)) return reply;
      const asked = retryAfterMs(reply.headers['retry-after'], Date.now());
      await wait.pause(asked ?? backoffMs(retry, Math.random()));
    } catch (error) {
      if (last || !(error instanceof VendorError) || !isLostConnection(error)) throw error;
      await wait.pause(backoffMs(retry, Math.random()));
    }
  }
}

/** Full jitter: anything between nothing and the doubling limit, so that clients do not march in step. */
export function backoffMs(retry: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** retry));
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; undefined when it says nothing useful. */
export function retryAfterMs(value: string | string[] | undefined, now: number): number | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, RETRY_AFTER_CAP_MS) : undefined;
}
