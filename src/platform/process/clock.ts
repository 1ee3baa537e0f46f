/** Time as the effects see it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since an arbitrary moment. It never goes back, even if the machine's date does. */
  now(): number;
  /** Waits so long; rejects with the signal's reason when that fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A clock that knows the date as well. */
export interface Calendar extends Clock {
  /** Milliseconds since 1970, by the machine's date. */
  date(): number;
}

export const systemClock: Calendar = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal.addEventListener('abort', stop, { once: true });
    }),
};
