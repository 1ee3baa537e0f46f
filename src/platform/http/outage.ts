import type { VendorError } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** One connection that can wait for its account. */
export interface Waiter {
  /** Sends a read that was answered before. Resolves with the fault when the account is still down. */
  probe(): Promise<VendorError | undefined>;
  /** Fires when there is no more waiting: the run was interrupted, or the connection closed. */
  signal: AbortSignal;
  /** How long an outage may take. */
  patienceMs: number;
  /** Hears that the wait begins. Returns what is told, at its end, whether the target answered. */
  onWait(fault: VendorError): (answered: boolean) => void;
}

/** How the wait of one connection ended. */
export type WaitResult = 'answered' | 'lost' | 'stopped';

/** A time in which an account does not answer. */
export interface Outage {
  /** Waits, and probes while no other connection does. */
  outlast(waiter: Waiter): Promise<WaitResult>;
  /** Whether a probe has failed: until then, the fault may be that of one request alone. */
  isProven(): boolean;
}

/** Half of the doubling limit for certain, and the other half by chance, so that clients do not march in step. */
export function probePauseMs(failed: number, random: number): number {
  const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failed);
  return Math.round((limit / 2) * (1 + random));
}

/**
 * Asks with one request at a time, with a growing pause, whether the account answers again. The first probe follows at
 * once. `onEnd` hears of the end, before any waiter does: with the last fault where patience is over.
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
    let onAnswered: ((answered: boolean) => void) | undefined;
    while (result === undefined && !signal.aborted) {
      const ms = nextProbeAt - clock.now();
      if (ms > 0) {
        onAnswered ??= waiter.onWait(fault);
        await clock.sleep(Math.ceil(ms), awake).catch(() => undefined);
        continue;
      }
      probing ??= probe(waiter).finally(() => {
        probing = undefined;
      });
      await Promise.race([probing, stopped]);
    }
    onAnswered?.(result === 'answered');
    return result ?? 'stopped';
  }

  return { outlast, isProven: () => failed > 0 };
}
