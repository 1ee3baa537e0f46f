import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { doubled } from '../../model/backoff.js';

/** A signed-in browser. */
export interface Session {
  /** Stands in every form, and proves that the form is ours. */
  csrf: string;
  endsAt: number;
}

/** Sessions live in memory: a restart ends them. */
export interface Sessions {
  /** A new session's id where the token is right; a wait in seconds after too many wrong ones. */
  open(token: string, from: string): { id: string } | { waitSeconds: number } | undefined;
  find(id: string | undefined): Session | undefined;
  close(id: string | undefined): void;
}

export const SESSION_SECONDS = 12 * 60 * 60;
const MOST_SESSIONS = 100;

/** `now` in milliseconds. */
export function createSessions(uiToken: string, now: () => number = Date.now): Sessions {
  const sessions = new Map<string, Session>();
  const failures = countFailures(now);

  return {
    open(token, from) {
      const waitSeconds = failures.waitSeconds(from);
      if (waitSeconds > 0) return { waitSeconds };
      if (!sameSecret(token, uiToken)) {
        failures.add(from);
        return undefined;
      }
      failures.clear(from);
      const id = randomBytes(32).toString('base64url');
      const csrf = randomBytes(32).toString('base64url');
      dropOldest(sessions, MOST_SESSIONS - 1);
      sessions.set(id, { csrf, endsAt: now() + SESSION_SECONDS * 1000 });
      return { id };
    },

    find(id) {
      const session = id === undefined ? undefined : sessions.get(id);
      return session !== undefined && now() < session.endsAt ? session : undefined;
    },

    close(id) {
      if (id !== undefined) sessions.delete(id);
    },
  };
}

/** In constant time, for texts of any length. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

const FREE_FAILURES = 5;
const MOST_WAIT_SECONDS = 15 * 60;
const MOST_ADDRESSES = 1000;

/** After five wrong tokens an address waits: 2 s, 4 s, and so on up to 15 minutes. */
function countFailures(now: () => number) {
  const failures = new Map<string, { count: number; until: number }>();
  return {
    waitSeconds: (from: string) => Math.max(0, Math.ceil(((failures.get(from)?.until ?? 0) - now()) / 1000)),
    add(from: string): void {
      const count = (failures.get(from)?.count ?? 0) + 1;
      const over = count - FREE_FAILURES + 1;
      const wait = over > 0 ? doubled(1, over, MOST_WAIT_SECONDS) : 0;
      // Set anew, so that the oldest stands first.
      failures.delete(from);
      dropOldest(failures, MOST_ADDRESSES - 1);
      failures.set(from, { count, until: now() + wait * 1000 });
    },
    clear: (from: string) => failures.delete(from),
  };
}

function dropOldest(map: Map<string, unknown>, keep: number): void {
  for (const key of map.keys()) {
    if (map.size <= keep) return;
    map.delete(key);
  }
}
