import type { Clock } from '../../model/ports.js';

/** One timer for each key. */
export interface Timers {
  /** Replaces the key's timer. */
  set(key: string, ms: number, then: () => void): void;
  cancel(key: string): void;
  close(): void;
}

export function createTimers(clock: Clock): Timers {
  const pending = new Map<string, AbortController>();

  function cancel(key: string): void {
    pending.get(key)?.abort();
    pending.delete(key);
  }

  return {
    cancel,
    set(key, ms, then) {
      cancel(key);
      const stop = new AbortController();
      pending.set(key, stop);
      clock.sleep(ms, stop.signal).then(
        () => {
          // It may have been replaced at the very moment when it was due.
          if (pending.get(key) !== stop) return;
          pending.delete(key);
          then();
        },
        () => undefined,
      );
    },
    close() {
      for (const key of [...pending.keys()]) cancel(key);
    },
  };
}
