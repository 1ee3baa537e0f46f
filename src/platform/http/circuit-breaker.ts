import { VendorError, type VendorErrorCode } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';

const FAILURES = 5;
const OPEN_MS = 30_000;

/** Failures that say that the target is down, and not that one request was wrong. */
const DOWN: ReadonlySet<VendorErrorCode> = new Set(['unreachable', 'protocol', 'timeout', 'server']);

/** Keeps a target that is down from costing every request its own tries. */
export interface CircuitBreaker {
  /** Lets a request through. Throws the refusal while the circuit is open. */
  enter(operation: string): Permit;
  /** What a request is told that is not sent because the circuit is open. */
  refusal(operation: string): VendorError;
}

/** The leave of one request, with all its repetitions. */
export interface Permit {
  /** Whether it may be repeated: once the circuit has opened, only the one that was let through to probe. */
  mayRepeat(): boolean;
  /** Says how it ended, for good: with a fault, or with an answer. */
  settle(fault?: unknown): void;
}

/**
 * After 5 requests in a row that failed for good because the target is down, nothing is sent for 30 s; then one
 * request is let through, and its end decides. `onOpen` is called to stop what is waiting for its turn.
 */
export function createCircuitBreaker({ now }: Pick<Clock, 'now'>, onOpen: () => void): CircuitBreaker {
  let failures = 0;
  let last: VendorError | undefined;
  let openUntil: number | undefined;
  let probing = false;

  function refusal(operation: string): VendorError {
    const because = last === undefined ? '' : `; the last failure: ${last.message}`;
    const message = `not sent: the target failed ${failures} times in a row, so nothing more is sent to it for ${OPEN_MS / 1000} s${because}`;
    return new VendorError(last?.code ?? 'unreachable', message, { operation, cause: last, sent: false });
  }

  function pass(probe: boolean): Permit {
    return {
      mayRepeat: () => probe || openUntil === undefined,
      settle(fault) {
        // What was under way when the circuit opened tells nothing new.
        if (openUntil !== undefined && !probe) return;
        if (probe) probing = false;
        if (!(fault instanceof VendorError && DOWN.has(fault.code))) {
          failures = 0;
          openUntil = undefined;
          return;
        }
        failures += 1;
        last = fault;
        if (failures < FAILURES) return;
        openUntil = now() + OPEN_MS;
        onOpen();
      },
    };
  }

  return {
    refusal,
    enter(operation) {
      if (openUntil === undefined) return pass(false);
      if (probing || now() < openUntil) throw refusal(operation);
      probing = true;
      return pass(true);
    },
  };
}
