/** Work by key, with the rules of client-go's work queue. */
export interface WorkQueue<Reason> {
  /**
   * Asks for one run of a key. However often it is asked for before that run starts, it runs once, for the first
   * reason; asked for while it runs, it runs once more afterwards.
   */
  add(key: string, reason: Reason): void;
  isWaiting(key: string): boolean;
  isRunning(key: string): boolean;
  /** Keys that wait for a turn. */
  depth(): number;
  /** Takes nothing on any more and forgets what waits. Resolves once nothing runs. */
  close(): Promise<void>;
}

/**
 * One run of a key at a time; different keys run side by side, all of them, so that none waits for another that hangs.
 * `work` must not throw. `onMove` is called after every change of what waits or runs.
 */
export function createWorkQueue<Reason>(
  work: (key: string, reason: Reason) => Promise<void>,
  onMove: (key: string) => void = () => undefined,
): WorkQueue<Reason> {
  const waiting = new Map<string, Reason>();
  const running = new Map<string, Promise<void>>();
  let closed = false;

  function startWhatMay(): void {
    for (const [key, reason] of waiting) {
      if (running.has(key)) continue;
      waiting.delete(key);
      running.set(key, run(key, reason));
      onMove(key);
    }
  }

  async function run(key: string, reason: Reason): Promise<void> {
    // The caller goes on first: `running` has to know the key before the work starts.
    await undefined;
    try {
      await work(key, reason);
    } finally {
      running.delete(key);
      onMove(key);
      startWhatMay();
    }
  }

  return {
    add(key, reason) {
      if (closed || waiting.has(key)) return;
      waiting.set(key, reason);
      onMove(key);
      // Not at once: what is asked for several times in one go is one run.
      queueMicrotask(startWhatMay);
    },
    isWaiting: (key) => waiting.has(key),
    isRunning: (key) => running.has(key),
    depth: () => waiting.size,
    async close() {
      closed = true;
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}
