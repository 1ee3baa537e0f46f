import type { Json } from '../model/json.js';

/** An effect of a fault. `applied` means that the vendor did its work before the answer went wrong. */
export type FaultEffect =
  /** Another status. A string body is sent as text, anything else as JSON, none as an empty body. */
  | { type: 'status'; status: number; body?: Json; headers?: Record<string, string>; applied?: boolean }
  /** The connection is dropped before the work, after it, or in the middle of its answer. */
  | { type: 'reset'; when: 'before' | 'after' | 'during' }
  /** No answer ever comes; the connection stays open until the emulator closes. */
  | { type: 'hang'; applied?: boolean }
  /** The right answer, `ms` milliseconds late. */
  | { type: 'slow'; ms: number }
  /** The first half of the right answer's text, as if it were all. */
  | { type: 'truncate' }
  /** The work is not done and a sign-in page is sent, with status 200 unless told otherwise. */
  | { type: 'html'; status?: number }
  /** The right status without its body. */
  | { type: 'empty' }
  /** The right answer, after `run` has moved something behind the caller's back. */
  | { type: 'meanwhile'; run: () => void }
  /** The right answer with another id than the one in the path. */
  | { type: 'wrong-id' }
  /** The right answer to a DELETE, and nothing is removed. */
  | { type: 'ignored' }
  /** Of a listing in pages: the page before comes again, the page is empty, or the total is one too many. */
  | { type: 'duplicate-page' }
  | { type: 'missing-page' }
  | { type: 'wrong-total' };

/** A fault to come. It acts on matching requests until it is spent, and then leaves the list of faults. */
export interface Fault {
  /** All given members must match; `path` is tested against path and query. Everything matches by default. */
  match?: { method?: string; path?: RegExp; kind?: string };
  /** The number of matching requests that fail; default: all. */
  times?: number;
  /** The number of matching requests that pass unharmed first. */
  skip?: number;
  effect: FaultEffect;
}

/** The parts of a request that a fault is matched against. */
export interface FaultTarget {
  method: string;
  path: string;
  kind: string | undefined;
  /** A listing in pages: only these can have a page fault, which otherwise stays unspent. */
  paged: boolean;
}

const seen = new WeakMap<Fault, number>();

/** The effect that the first fitting fault has on this request, and the fault's bookkeeping. */
export function takeFault(faults: Fault[], subject: FaultTarget): FaultEffect | undefined {
  for (const fault of [...faults]) {
    if (!matches(fault, subject)) continue;
    const count = (seen.get(fault) ?? 0) + 1;
    seen.set(fault, count);
    const acted = count - (fault.skip ?? 0);
    if (acted <= 0) continue;
    if (fault.times !== undefined && acted >= fault.times) {
      faults.splice(faults.indexOf(fault), 1);
      seen.delete(fault);
    }
    return fault.effect;
  }
  return undefined;
}

const pageEffects: readonly string[] = ['duplicate-page', 'missing-page', 'wrong-total'];

function matches(fault: Fault, subject: FaultTarget): boolean {
  const { method, path, kind } = fault.match ?? {};
  if (pageEffects.includes(fault.effect.type) && !subject.paged) return false;
  if (method !== undefined && method !== subject.method) return false;
  if (kind !== undefined && kind !== subject.kind) return false;
  // A pattern with the g flag remembers where it stopped; search does not care.
  return path === undefined || subject.path.search(path) >= 0;
}
