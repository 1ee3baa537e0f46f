import type { Notice } from './notices.js';

/** The notices for one recipient. */
export interface Outbox {
  add(notices: readonly Notice[]): void;
  /** Settles when nothing is left to send. */
  done(): Promise<void>;
}

/**
 * One message at a time, so that they arrive in order: what happens while one is under way goes with the next. Of that
 * only the newest of each kind for a target is kept, so a server that is gone for long makes no heap of messages.
 */
export function createOutbox(deliver: (notices: Notice[]) => Promise<void>): Outbox {
  const waiting = new Map<string, Notice>();
  let sending: Promise<void> | undefined;

  async function empty(): Promise<void> {
    while (waiting.size > 0) {
      const notices = [...waiting.values()];
      waiting.clear();
      await deliver(notices);
    }
    sending = undefined;
  }

  return {
    add(notices) {
      for (const notice of notices) {
        const key = `${notice.kind} ${notice.target}`;
        // Set anew, so that the newest stands last.
        waiting.delete(key);
        waiting.set(key, notice);
      }
      sending ??= empty();
    },
    done: () => sending ?? Promise.resolve(),
  };
}
