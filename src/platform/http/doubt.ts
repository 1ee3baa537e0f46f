import type { VendorError } from '../../model/vendor-error.js';
import type { Clock } from '../process/clock.js';
import { LONG_WAIT_MS, type WaitNotice } from './wait-notice.js';

/** How long requests are tried that fail while reads are answered: a database may be moved meanwhile. */
const PATIENCE_MS = 30_000;
/** So often one of them is tried again while others like it succeed. */
const TRIES = 2;

/** Requests of a connection that fail although their account answers a read. */
export interface Doubts {
  open(kind: 'read' | 'write'): Doubt;
}

/** One request. Whether the fault is its own is told by what becomes of others like it. */
export interface Doubt {
  /** Tells if it has failed in this way. */
  isOpen(): boolean;
  /** Takes a failure, and says what follows: another try, or the fault is its own, or nothing of the kind is taken. */
  add(fault: VendorError): 'repeat' | 'its own' | 'none is taken';
  /** The account was down after all: what was counted before tells nothing. */
  forget(): void;
  close(answered: boolean): void;
}

export function createDoubts({ now }: Pick<Clock, 'now'>, notice: WaitNotice, patienceMs: number): Doubts {
  const answeredAt = { read: Number.NEGATIVE_INFINITY, write: Number.NEGATIVE_INFINITY };
  let doubtful = 0;
  return {
    open(kind) {
      const began = now();
      let since: number | undefined;
      let failures = 0;

      function forget(answered: boolean): void {
        if (since === undefined) return;
        since = undefined;
        failures = 0;
        doubtful -= 1;
        if (doubtful === 0) notice.end(answered);
      }

      return {
        isOpen: () => since !== undefined,
        add(fault) {
          if (since === undefined) doubtful += 1;
          since ??= now();
          failures += 1;
          const othersSucceed = answeredAt[kind] > began;
          if (othersSucceed && failures > TRIES) return 'its own';
          if (now() - since > Math.min(PATIENCE_MS, patienceMs))
            return othersSucceed ? 'its own' : 'none is taken';
          if (now() - since > LONG_WAIT_MS) notice.begin(fault);
          return 'repeat';
        },
        forget: () => forget(true),
        close(answered) {
          if (answered) answeredAt[kind] = now();
          forget(answered);
        },
      };
    },
  };
}
