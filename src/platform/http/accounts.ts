import { createHash } from 'node:crypto';
import type { Clock } from '../process/clock.js';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.js';
import { createRateLimiter, type RateLimiter } from './rate-limit.js';

/** How long an account that is not used any more is remembered: a plan is followed by its apply. */
const REMEMBERED_MS = 60_000;

/** The unit that a vendor limits: all requests with one credential to one host. */
export interface Account {
  limiter: RateLimiter;
  circuit: CircuitBreaker;
  /** Called when the account has to be held: ends the pauses of every connection. */
  onHold(callback: () => void): () => void;
  /** Gives it back. Its rate is remembered for a while, its faults are not. */
  release(): void;
}

interface Entry {
  clock: Clock;
  limiter: RateLimiter;
  circuit: CircuitBreaker;
  holds: Set<() => void>;
  users: number;
  unusedSince: number;
}

/**
 * The accounts of this process. Targets of several projects, or two targets of one, may use the same account, and the
 * vendor counts their requests together.
 */
const accounts = new Map<string, Entry>();

/** Takes the account of a credential at an origin. Only a hash of the credential is kept. */
export function acquireAccount(origin: string, credential: string, clock: Clock): Account {
  const key = `${origin} ${createHash('sha256').update(credential).digest('base64')}`;
  forgetUnused();
  const known = accounts.get(key);
  const entry = known?.clock === clock ? known : openEntry(clock);
  accounts.set(key, entry);
  entry.users += 1;
  return {
    limiter: entry.limiter,
    circuit: entry.circuit,
    onHold(callback) {
      entry.holds.add(callback);
      return () => void entry.holds.delete(callback);
    },
    release() {
      entry.users -= 1;
      if (entry.users > 0) return;
      entry.unusedSince = clock.now();
      entry.circuit.reset();
    },
  };
}

function openEntry(clock: Clock): Entry {
  const limiter = createRateLimiter(clock);
  const holds = new Set<() => void>();
  const circuit = createCircuitBreaker(clock, () => {
    limiter.drop();
    for (const hold of holds) hold();
  });
  return { clock, limiter, circuit, holds, users: 0, unusedSince: clock.now() };
}

function forgetUnused(): void {
  for (const [key, { users, unusedSince, clock }] of accounts) {
    if (users === 0 && clock.now() - unusedSince > REMEMBERED_MS) accounts.delete(key);
  }
}
