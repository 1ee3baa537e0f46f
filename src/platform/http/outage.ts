import type { VendorError } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';
import { createWaitNotice, LONG_WAIT_MS, type OnWait } from './wait-notice.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** One connection that can wait for its account. */
export interface Waiter {
  /** Sends a read that was answered before. Resolves with the fault when the account is still down. */
  probe(): Promise<VendorError | undefined>;
  /** Fires when waiting has to stop: the run was interrupted, or the connection closed. */
  signal: AbortSignal;
  /** How long an outage may take. */
  patienceMs: number;
  onWait?: OnWait | undefined;
}

/** How the wait of one connection ended. */
export type WaitResult = 'answered' | 'lost' | 'stopped';

/** A time in which an account does not answer. */
export interface Outage {
  /** Waits, and probes while no other connection does. */
  outlast(waiter: Waiter): Promise<WaitResult>;
  /** Tells if a probe has failed: until then, the fault may lie in one request alone. */
  isProven(): boolean;
}

/** Half of the doubling limit is fixed and half is random, so that clients do not retry in lockstep. */
export function probePauseMs(failed: number, random: number): number {
  const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failed);
  return Math.round((limit / 2) * (1 + random));
}

/**
 * Probes the account with one request at a time and growing pauses until it answers. The first probe is sent at once.
 * `onEnd` is called before any waiter resumes: with the last fault if the patience ran out.
 */
export function createOutage(
  clock: Clock,
  first: VendorError,
  onEnd: (lost: { fault: VendorError; ms: number } | undefined) => void,
): Outage {
  const since = clock.now();
  const ended = new AbortController();
  let fault = first;
  let failed = 0;
  let nextProbeAt = since;
  let result: 'answered' | 'lost' | undefined;
  let probing: Promise<void> | undefined;

  function end(as: 'answered' | 'lost'): void {
    result = as;
    onEnd(as === 'lost' ? { fault, ms: clock.now() - since } : undefined);
    ended.abort();
  }

  async function probe({ probe: ask, patienceMs, signal }: Waiter): Promise<void> {
    const found = await ask();
    // A connection that was closed meanwhile failed for its own reason.
    if (signal.aborted) return;
    if (found === undefined) return end('answered');
    fault = found;
    failed += 1;
    if (clock.now() - since >= patienceMs) return end('lost');
    nextProbeAt = clock.now() + probePauseMs(failed, Math.random());
  }

  async function outlast(waiter: Waiter): Promise<WaitResult> {
    const { signal } = waiter;
    const awake = AbortSignal.any([signal, ended.signal]);
    const stopped = new Promise<void>((resolve) => {
      if (awake.aborted) resolve();
      awake.addEventListener('abort', () => resolve(), { once: true });
    });
    const notice = createWaitNotice(waiter.onWait);
    // By the system's clock: nothing else waits for it. A probe that hangs takes as long as the target's `timeout`.
    const hanging = setTimeout(() => notice.begin(fault), LONG_WAIT_MS);
    while (result === undefined && !signal.aborted) {
      const ms = nextProbeAt - clock.now();
      if (ms > 0) {
        notice.begin(fault);
        await clock.sleep(Math.ceil(ms), awake).catch(() => undefined);
        continue;
      }
      probing ??= probe(waiter).finally(() => {
        probing = undefined;
      });
      await Promise.race([probing, stopped]);
    }
    clearTimeout(hanging);
    notice.end(result === 'answered');
    return result ?? 'stopped';
  }

  return { outlast, isProven: () => failed > 0 };
}
