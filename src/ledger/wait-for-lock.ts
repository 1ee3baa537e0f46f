import { doubled } from '../model/backoff.js';
import { DiagnosticError } from '../model/diagnostic.js';
import { spellDuration } from '../model/duration.js';
import { LedgerHeldError } from '../model/ledger-held-error.js';
import type { Clock, LedgerLock, LedgerStore } from '../model/ports.js';

/** How a run waits for a ledger that another apply holds. */
export interface LockWait {
  /** 0: it is refused at once. */
  timeoutMs: number;
  /** Is told whom it waits for, once for each holder, in a sentence. */
  onWait(holder: string): void;
  /** Ends the waiting: its reason is thrown. */
  stop: AbortSignal;
  clock: Clock;
}

const [FIRST_MS, MOST_MS] = [250, 5000];

/** A store whose lock is waited for. What is wrong in any other way is said at once. */
export function waitForLock(store: LedgerStore, wait: LockWait): LedgerStore {
  return { read: () => store.read(), lock: () => lockInTime(store, wait) };
}

async function lockInTime(
  store: LedgerStore,
  { timeoutMs, onWait, stop, clock }: LockWait,
): Promise<LedgerLock> {
  const until = clock.now() + timeoutMs;
  let told: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await store.lock();
    } catch (error) {
      if (!(error instanceof LedgerHeldError)) throw error;
      const left = until - clock.now();
      if (left <= 0) throw timeoutMs === 0 ? error : waitedInVain(error, timeoutMs);
      if (told !== error.holder) onWait(error.holder);
      told = error.holder;
      await clock.sleep(Math.min(left, doubled(FIRST_MS, attempt, MOST_MS)), stop);
    }
  }
}

function waitedInVain({ diagnostics }: LedgerHeldError, timeoutMs: number): DiagnosticError {
  const waited = `It was still held after ${spellDuration(timeoutMs)}.`;
  return new DiagnosticError(
    ...diagnostics.map((found) => ({ ...found, detail: `${waited} ${found.detail ?? ''}`.trim() })),
  );
}
