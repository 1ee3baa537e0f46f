import PQueue from 'p-queue';
import { VendorError } from '../model/vendor-error.js';

/** What a target may bear: so many requests at once, so many in any one second. */
export interface Budget {
  /** Runs a task as soon as the budget allows it. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Starts nothing for so many milliseconds. */
  hold(ms: number): void;
  /** Rejects whatever has not started. */
  close(): void;
}

/** A burst of one second's worth is allowed; below one request a second the interval grows instead. */
export function openBudget(concurrency: number, requestsPerSecond: number): Budget {
  const intervalCap = Math.max(1, Math.floor(requestsPerSecond));
  const queue = new PQueue({
    concurrency,
    intervalCap,
    interval: Math.ceil((intervalCap / requestsPerSecond) * 1000),
    // A sliding window: fixed ones let two bursts meet at their border, twice what the user allowed.
    strict: true,
  });
  const waiting = new Set<(reason: Error) => void>();
  let timer: NodeJS.Timeout | undefined;
  let heldUntil = 0;
  let closed = false;

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(closedError());
        waiting.add(reject);
        queue
          .add(() => {
            waiting.delete(reject);
            return task();
          })
          .then(resolve, reject);
      }),

    hold(ms) {
      const until = Date.now() + ms;
      if (closed || until <= heldUntil) return;
      heldUntil = until;
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), ms);
    },

    close() {
      closed = true;
      clearTimeout(timer);
      queue.clear();
      for (const reject of waiting) reject(closedError());
      waiting.clear();
    },
  };
}

function closedError(): VendorError {
  return new VendorError('unreachable', 'the connection was closed before the request was sent');
}
