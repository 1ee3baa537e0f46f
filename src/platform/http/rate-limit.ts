import PQueue from 'p-queue';
import { LlmformError } from '../../model/llmform-error.js';
import { VendorError } from '../../model/vendor-error.js';
import { type Clock, systemClock } from '../process/clock.js';

/** Thrown to whoever waits to send something that is no use sending any more. */
export class NotSentError extends LlmformError {
  override readonly name = 'NotSentError';
  readonly code = 'not-sent';
}

/** What a target may bear: so many requests at once, so many in any one second. */
export interface RateLimiter {
  /** Runs a task as soon as the budget allows it; an urgent one before all others that wait. */
  run<T>(task: () => Promise<T>, urgent?: boolean): Promise<T>;
  /** Starts nothing for so many milliseconds. */
  hold(ms: number): void;
  /** Rejects whatever has not started with `NotSentError`. */
  drop(): void;
  /** Rejects whatever has not started, and whatever comes later. */
  close(): void;
}

/** A burst of one second's worth is allowed; below one request a second the interval grows instead. */
export function createRateLimiter(
  concurrency: number,
  requestsPerSecond: number,
  clock: Clock = systemClock,
): RateLimiter {
  const intervalCap = Math.max(1, Math.floor(requestsPerSecond));
  const queue = new PQueue({
    concurrency,
    intervalCap,
    interval: Math.ceil((intervalCap / requestsPerSecond) * 1000),
    // A sliding window: fixed ones let two bursts meet at their border, twice what the user allowed.
    strict: true,
  });
  const waiting = new Set<(reason: Error) => void>();
  let held = new AbortController();
  let heldUntil = Number.NEGATIVE_INFINITY;
  let closed = false;

  function rejectWaiting(reason: Error): void {
    queue.clear();
    for (const reject of waiting) reject(reason);
    waiting.clear();
  }

  return {
    run: (task, urgent = false) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(closedError());
        waiting.add(reject);
        queue
          .add(
            () => {
              waiting.delete(reject);
              return task();
            },
            { priority: urgent ? 1 : 0 },
          )
          .then(resolve, reject);
      }),

    hold(ms) {
      const until = clock.now() + ms;
      if (closed || until <= heldUntil) return;
      heldUntil = until;
      queue.pause();
      held.abort();
      held = new AbortController();
      clock.sleep(ms, held.signal).then(
        () => queue.start(),
        () => undefined,
      );
    },

    drop: () => rejectWaiting(new NotSentError()),

    close() {
      closed = true;
      held.abort();
      rejectWaiting(closedError());
    },
  };
}

function closedError(): VendorError {
  return new VendorError('unreachable', 'the connection was closed before the request was sent');
}
