import type { WriteOperation } from '../../model/vendor.js';
import { VendorError } from '../../model/vendor-error.js';
import { isConnectionLost, neverConnected } from './network-error.js';
import type { RawResponse } from './parse-response.js';
import { requestedWaitMs } from './rate-headers.js';
import { NotSentError } from './rate-limit.js';
import { askedToWait, slowedDown } from './wait-notice.js';

/** The purpose of a request. `repeatable` if sending it twice has the same effect as sending it once. */
export interface Purpose {
  op: 'read' | WriteOperation;
  repeatable: boolean;
}

/** The effects that repeating needs. Sending and pausing throw `NotSentError` when there is no use in going on. */
export interface Attempts {
  send(repeated: boolean): Promise<RawResponse>;
  pause(ms: number, why: VendorError): Promise<void>;
  /** Tells if waiting so long and then sending again makes sense. */
  mayRepeatIn(ms: number): boolean;
}

const MAX_REPEATS = 3;
const BASE_MS = 200;
const CAP_MS = 5_000;
const PASSING_STATUSES = new Set([408, 425, 500, 502, 503, 504]);

/**
 * Repeats a request that failed in a way that may pass, where repeating cannot hurt: at most 3 times, with full
 * jitter, or after as long as the vendor asks.
 *
 * - A 429 says that nothing was done: the request is repeated as long as its deadline allows. The account gets fewer
 *   requests meanwhile.
 * - A read changes nothing. A timeout is not repeated: the user set the limit for how long to wait.
 * - A write that is repeatable is repeated even when the first may have been carried out: twice gives the same state as
 *   once, and giving up would leave that state unknown. For the same reason a timeout is worth one more try, and no
 *   second one. A removal that was carried out answers 404 the second time, which the caller takes for done.
 * - Any other write is repeated only when the vendor certainly did nothing: there was no connection to send it over.
 *   After anything else the caller looks before it creates again.
 */
export async function sendWithRetries(
  purpose: Purpose,
  attempts: Attempts,
  mostRepeats = MAX_REPEATS,
): Promise<RawResponse> {
  let result = await resultOf(attempts.send(false));
  let failures = 0;
  const mayRepeat = () =>
    isLimited(result) || failures < Math.min(mostRepeats, repeatsAllowed(purpose, result));
  for (let repeats = 0; mayRepeat(); repeats += 1) {
    const asked = 'reply' in result ? requestedWaitMs(result.reply, Date.now()) : undefined;
    const ms = asked ?? retryDelayMs(repeats, Math.random());
    if (!attempts.mayRepeatIn(ms)) break;
    if (!isLimited(result)) failures += 1;
    try {
      await attempts.pause(
        ms,
        'fault' in result ? result.fault : asked === undefined ? slowedDown() : askedToWait(ms),
      );
      result = await resultOf(attempts.send(true));
    } catch (error) {
      if (error instanceof NotSentError) break;
      throw error;
    }
  }
  if ('fault' in result) throw result.fault;
  return result.reply;
}

type Result = { reply: RawResponse } | { fault: VendorError };

async function resultOf(sent: Promise<RawResponse>): Promise<Result> {
  try {
    return { reply: await sent };
  } catch (error) {
    if (error instanceof VendorError) return { fault: error };
    throw error;
  }
}

function isLimited(result: Result): boolean {
  return 'reply' in result && result.reply.status === 429;
}

/**
 * Whether a request that failed as if its account was down may be sent again once the account answers: nothing was
 * done, or twice comes to the same as once. A read that timed out alone, while the account was not down, is the limit
 * that the user set.
 */
export function mayRepeatLater(
  { op, repeatable }: Purpose,
  fault: unknown,
  wasDown: boolean,
): fault is VendorError {
  if (!(fault instanceof VendorError)) return false;
  if (fault.code === 'timeout' && op === 'read' && !wasDown) return false;
  return repeatable || fault.code === 'rate-limited' || neverConnected(fault);
}

function repeatsAllowed({ op, repeatable }: Purpose, result: Result): number {
  if ('reply' in result) {
    return repeatable && PASSING_STATUSES.has(result.reply.status) ? MAX_REPEATS : 0;
  }
  const { fault } = result;
  const harmless = repeatable || neverConnected(fault);
  if (fault.code === 'timeout') return harmless && op !== 'read' ? 1 : 0;
  return harmless && isConnectionLost(fault) ? MAX_REPEATS : 0;
}

/** Full jitter: anything between nothing and the doubling limit, so that clients do not march in step. */
export function retryDelayMs(retry: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** retry));
}
