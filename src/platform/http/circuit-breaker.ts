import { VendorError, type VendorErrorCode } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';
import { createOutage, type Outage, type Waiter, type WaitResult } from './outage.js';
import { NotSentError } from './rate-limit.js';

const FAILURES = 5;
const OPEN_MS = 30_000;

/** Failures that say that the account is down, and not that one request was wrong. */
const DOWN: ReadonlySet<VendorErrorCode> = new Set(['unreachable', 'protocol', 'timeout', 'server']);

export function saysDown(fault: unknown): fault is VendorError {
  return fault instanceof VendorError && DOWN.has(fault.code);
}

/**
 * Spares each request its own retries while an account is down. Shared by all connections to the account.
 *
 * A connection that was answered before waits: all requests are held until a probe is answered. A connection that
 * was never answered gives up early, because its `baseUrl` may be wrong: after 5 requests in a row that failed for
 * good, the circuit opens and nothing is sent for 30 s. Then one request is let through, and its result closes the
 * circuit or opens it again. The circuit also opens when an outage outlasts the patience of a connection.
 */
export interface CircuitBreaker {
  /** Adds a connection. */
  connect(connection: CircuitConnection): CircuitAccess;
  /** Forgets everything: the account's last connection was closed. */
  reset(): void;
}

/** One connection, as the circuit sees it. */
export interface CircuitConnection extends Waiter {
  /** Tells if a request of it was answered before, which gives it a read to probe with. */
  wasAnswered(): boolean;
}

export interface CircuitAccess {
  /** Lets a request through once nothing holds it. Throws `VendorError` where it must not be sent. */
  enter(operation: string): Promise<Permit>;
  /** Refuses everything for a while: `reason` begins "the target …". */
  open(reason: string, fault: VendorError): void;
}

/**
 * The next step for a failed request: send it again, because its account was down; in doubt, because others failed too
 * while a read was answered at once; one last time, because it failed alone; or give it up.
 */
export type Verdict = 'repeat' | 'repeat in doubt' | 'repeat once' | 'give up';

/** The permission to send one request, including its retries. */
export interface Permit {
  /** Tells if it may be repeated now: a probe always, any other request only while nothing is held. */
  mayRepeat(): boolean;
  /** Says how it ended: with a fault, or with an answer. After a fault that says "down" this waits for the account. */
  settle(fault?: unknown): Promise<Verdict>;
}

/** `onHold` is called to stop what is waiting for its turn. */
export function createCircuitBreaker(clock: Clock, onHold: () => void): CircuitBreaker {
  let failures = 0;
  let outage: { is: Outage; requests: number } | undefined;
  let open: { until: number; reason: string; fault: VendorError } | undefined;
  let probing = false;

  function openFor(reason: string, fault: VendorError): void {
    failures = Math.max(failures, FAILURES);
    open = { until: clock.now() + OPEN_MS, reason, fault };
    onHold();
  }

  function begin(fault: VendorError): NonNullable<typeof outage> {
    const is = createOutage(clock, fault, (lost) => {
      outage = undefined;
      failures = 0;
      if (lost !== undefined) openFor(`the target was down for ${Math.round(lost.ms / 1000)} s`, lost.fault);
    });
    outage = { is, requests: 0 };
    onHold();
    return outage;
  }

  function connect(connection: CircuitConnection): CircuitAccess {
    const waits = new Map<Outage, Promise<WaitResult>>();

    /** One wait for all requests of the connection. */
    function outlast(one: Outage): Promise<WaitResult> {
      const wait = waits.get(one) ?? one.outlast(connection).finally(() => waits.delete(one));
      waits.set(one, wait);
      return wait;
    }

    function permit(probe: boolean): Permit {
      return {
        mayRepeat: () => probe || (open === undefined && outage === undefined),
        async settle(fault) {
          if (probe) probing = false;
          if (fault instanceof NotSentError) return 'repeat';
          // A request in flight when the circuit opened tells nothing new, nor does one that we aborted.
          if (open !== undefined && !probe) return 'give up';
          if (fault !== undefined && connection.signal.aborted) return 'give up';
          if (connection.wasAnswered() && !probe && (saysDown(fault) || isLimited(fault)))
            return waitAfter(fault);
          if (!saysDown(fault)) {
            failures = 0;
            open = undefined;
            return 'give up';
          }
          failures += 1;
          if (failures >= FAILURES) openFor(`the target failed ${failures} times in a row`, fault);
          return 'give up';
        },
      };
    }

    async function waitAfter(fault: unknown): Promise<Verdict> {
      const current = outage ?? (saysDown(fault) ? begin(fault) : undefined);
      if (current === undefined) {
        failures = 0;
        return 'give up';
      }
      current.requests += 1;
      if ((await outlast(current.is)) !== 'answered') return 'give up';
      // Where the first probe was answered and nothing else failed, it is this one request that the vendor cannot serve.
      if (current.is.isProven()) return 'repeat';
      return current.requests > 1 ? 'repeat in doubt' : 'repeat once';
    }

    return {
      open: openFor,
      async enter(operation) {
        while (outage !== undefined) {
          if (!connection.wasAnswered()) throw notSent('the target is down', operation);
          if ((await outlast(outage.is)) === 'stopped')
            throw notSent('the run was stopped while the target was down', operation);
        }
        if (open === undefined) return permit(false);
        if (probing || clock.now() < open.until) {
          const { reason, fault } = open;
          const message = `${reason}, so requests to it are paused for ${OPEN_MS / 1000} s`;
          throw notSent(`${message}; last failure: ${fault.message}`, operation, fault);
        }
        probing = true;
        return permit(true);
      },
    };
  }

  return {
    connect,
    reset() {
      failures = 0;
      open = undefined;
      outage = undefined;
      probing = false;
    },
  };
}

function isLimited(fault: unknown): boolean {
  return fault instanceof VendorError && fault.code === 'rate-limited';
}

function notSent(reason: string, operation: string, fault?: VendorError): VendorError {
  const code = fault?.code ?? 'unreachable';
  return new VendorError(code, `not sent: ${reason}`, { operation, cause: fault, sent: false });
}
