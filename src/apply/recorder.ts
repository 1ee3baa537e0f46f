import type { SaveWhen } from '../model/ports.js';

/** Makes durable what a run changes in the ledger, many changes at a time. */
export interface Recorder {
  /** Resolves once the ledger as it is now is durable. */
  save(): Promise<void>;
  /** Resolves once nothing is left that was changed and is not durable, or could not be saved. */
  settle(): Promise<void>;
  /** Asks for what is waited for to be saved earlier. */
  hurry(when: SaveWhen): void;
  /** How long the last save took, for the last one who asked for it. */
  lastMs(): number;
}

export function createRecorder(save: (when: SaveWhen) => Promise<void>, now: () => number): Recorder {
  let latest: Promise<void> = Promise.resolve();
  let waiting = 0;
  let lastMs = 0;

  async function timed(when: SaveWhen): Promise<void> {
    const begin = now();
    waiting += 1;
    try {
      await save(when);
      lastMs = now() - begin;
    } finally {
      waiting -= 1;
    }
  }

  return {
    save() {
      const saved = timed('soon');
      latest = saved.catch(() => undefined);
      return saved;
    },
    settle: () => latest,
    hurry(when) {
      // Those who wait hear of a failure themselves.
      if (waiting > 0) save(when).catch(() => undefined);
    },
    lastMs: () => lastMs,
  };
}
