import { LlmformError } from '../../model/llmform-error.js';
import { type Clock, systemClock } from '../process/clock.js';
import { createPace } from './pace.js';
import { askedToWait, LONG_WAIT_MS, slowedDown, type WaitNotice } from './wait-notice.js';

/** Thrown to a request that waits while it has become useless to send it. */
export class NotSentError extends LlmformError {
  override readonly name = 'NotSentError';
  readonly code = 'not-sent';
}

/** The limits of its account that a target declares. */
export interface RateLimits {
  /** Requests at once. */
  concurrency: number;
  /** Requests in any one second. */
  requestsPerSecond: number;
}

/** The requests of one account, from all connections to it. */
export interface RateLimiter {
  /** Adds a connection. The smallest of what all of them declare holds for all of them. */
  join(limits: RateLimits, notice?: WaitNotice): Share;
  /** Starts nothing for so many milliseconds. */
  hold(ms: number): void;
  /** Halves the rate after a 429 that did not say how long to wait. */
  slowDown(request: number): void;
  /** Lets the rate grow back after any other answer. */
  speedUp(): void;
  /** Rejects every task that has not started with `NotSentError`. */
  drop(): void;
}

/** One connection's part in it. */
export interface Share {
  /** Runs a task, with its number, as soon as the account allows it; an urgent one before all others that wait. */
  run<T>(task: (request: number) => Promise<T>, urgent?: boolean): Promise<T>;
  /** Rejects with `NotSentError` what waits because of a hold or a 429, now and from now on. */
  stopWaiting(): void;
  /** Rejects with `reason` all tasks of this connection that have not started or come later, and lifts its limits. */
  leave(reason: Error): void;
}

interface Member {
  limits: RateLimits;
  notice: WaitNotice | undefined;
  waitsForHolds: boolean;
  left?: Error;
}

interface Waiting {
  member: Member;
  start(): Promise<void>;
  reject(reason: Error): void;
}

export function createRateLimiter(clock: Clock = systemClock): RateLimiter {
  const pace = createPace(clock);
  const members = new Set<Member>();
  let urgentOnes: Waiting[] = [];
  let others: Waiting[] = [];
  let concurrency = 1;
  let running = 0;
  let heldUntil = Number.NEGATIVE_INFINITY;
  let nap: AbortController | undefined;

  /** Starts what may start, and comes back when more may. */
  function advance(): void {
    if (nap !== undefined) return;
    while (running < concurrency) {
      const queue = urgentOnes.length > 0 ? urgentOnes : others;
      if (queue.length === 0) return;
      const ms = Math.max(pace.msUntilNext(), Math.ceil(heldUntil - clock.now()));
      if (ms > 0) {
        tellLongWaits();
        sleep(ms);
        return;
      }
      running += 1;
      void queue.shift()?.start();
    }
  }

  /** A hold says how long it is. A lowered rate is a long wait when it takes long to send what waits for it. */
  function tellLongWaits(): void {
    const all = [...urgentOnes, ...others];
    const heldMs = heldUntil - clock.now();
    const isSlow = pace.isSlowed() && pace.msToStart(all.length) > LONG_WAIT_MS;
    if (heldMs <= LONG_WAIT_MS && !isSlow) return;
    const why = heldMs > LONG_WAIT_MS ? askedToWait(heldMs) : slowedDown();
    for (const { notice } of new Set(all.map(({ member }) => member))) notice?.begin(why);
  }

  /** Called at an answer. While the rate is lowered, the wait goes on. */
  function endLongWaits(): void {
    if (pace.isSlowed() || heldUntil > clock.now()) return;
    for (const { notice } of members) notice?.end(true);
  }

  function sleep(ms: number): void {
    const own = new AbortController();
    nap = own;
    const wake = () => {
      if (nap !== own) return;
      nap = undefined;
      advance();
    };
    clock.sleep(ms, own.signal).then(wake, () => undefined);
  }

  function reject(reason: Error, concerns: (waiting: Waiting) => boolean): void {
    const gone = [...urgentOnes, ...others].filter(concerns);
    urgentOnes = urgentOnes.filter((waiting) => !concerns(waiting));
    others = others.filter((waiting) => !concerns(waiting));
    for (const waiting of gone) waiting.reject(reason);
    if (urgentOnes.length + others.length > 0) return;
    // A timer that has nothing to wake would keep the process from ending.
    nap?.abort();
    nap = undefined;
  }

  function rejectStopped(): void {
    const isPaced = pace.isSlowed() && pace.msUntilNext() > 0;
    if (!isPaced && heldUntil <= clock.now()) return;
    reject(new NotSentError(), ({ member }) => !member.waitsForHolds);
  }

  function applyLimits(): void {
    const all = [...members].map(({ limits }) => limits);
    if (all.length === 0) return;
    concurrency = Math.min(...all.map((limits) => limits.concurrency));
    pace.setLimit(Math.min(...all.map(({ requestsPerSecond }) => requestsPerSecond)));
    advance();
  }

  return {
    join(limits, notice) {
      const member: Member = { limits, notice, waitsForHolds: true };
      members.add(member);
      applyLimits();
      return {
        run: (task, urgent = false) =>
          new Promise((resolve, rejectRun) => {
            if (member.left !== undefined) return rejectRun(member.left);
            const start = () =>
              task(pace.start())
                .then(resolve, rejectRun)
                .finally(() => {
                  running -= 1;
                  advance();
                });
            (urgent ? urgentOnes : others).push({ member, start, reject: rejectRun });
            rejectStopped();
            advance();
          }),
        stopWaiting() {
          member.waitsForHolds = false;
          rejectStopped();
        },
        leave(reason) {
          member.left = reason;
          members.delete(member);
          reject(reason, (waiting) => waiting.member === member);
          applyLimits();
        },
      };
    },

    hold(ms) {
      const until = clock.now() + ms;
      if (until <= heldUntil) return;
      heldUntil = until;
      nap?.abort();
      nap = undefined;
      rejectStopped();
      advance();
    },
    slowDown: pace.slowDown,
    speedUp() {
      pace.speedUp();
      endLongWaits();
    },
    drop: () => reject(new NotSentError(), () => true),
  };
}
