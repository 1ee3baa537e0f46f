import type { Address } from '../../model/address.js';
import type { HeldBack } from '../../model/blocked.js';

const TIMES = 3;
const WITHIN_MS = 3_600_000;

/** A field that was healed: it had drifted, and we put it right. The path is `''` where the whole object was gone. */
export interface Healed {
  address: Address;
  path: string;
}

/** Detects that another party changes back what watch heals, so that watch stops. */
export interface FlapDetector {
  /** Takes note of what was healed at a time in milliseconds; returns the objects that are a fight from now on. */
  record(healed: readonly Healed[], at: number): Address[];
  /** Why an object is left alone; undefined where it does not flap, or an hour has passed since. */
  reason(address: Address, at: number): HeldBack | undefined;
  /** The manifest changed, or a decision was taken: the counting starts anew. All objects of a target, or one. */
  forget(which: (address: Address) => boolean): void;
}

/** A field of an object healed three times within an hour is a fight. */
export function createFlapDetector(): FlapDetector {
  const times = new Map<Address, Map<string, number[]>>();
  const fought = new Map<Address, { paths: Set<string>; since: number }>();

  function count(address: Address, path: string, at: number): number {
    const paths = times.get(address) ?? new Map<string, number[]>();
    const recent = [...(paths.get(path) ?? []).filter((time) => at - time < WITHIN_MS), at];
    times.set(address, paths.set(path, recent));
    return recent.length;
  }

  function forgetOne(address: Address): void {
    times.delete(address);
    fought.delete(address);
  }

  /** A field that was healed once and then never again must not be remembered for ever. */
  function dropOld(at: number): void {
    for (const [address, paths] of times) {
      for (const [path, list] of paths) if (list.every((time) => at - time >= WITHIN_MS)) paths.delete(path);
      if (paths.size === 0) times.delete(address);
    }
  }

  return {
    record(healed, at) {
      dropOld(at);
      const begun = new Set<Address>();
      for (const { address, path } of healed) {
        if (count(address, path, at) < TIMES) continue;
        const fight = fought.get(address) ?? { paths: new Set<string>(), since: at };
        fight.paths.add(path);
        fought.set(address, fight);
        begun.add(address);
      }
      return [...begun];
    },
    reason(address, at) {
      const fight = fought.get(address);
      if (fight === undefined) return undefined;
      if (at - fight.since >= WITHIN_MS) {
        forgetOne(address);
        return undefined;
      }
      return { reason: 'fight', address, paths: [...fight.paths], times: TIMES };
    },
    forget(which) {
      for (const address of [...times.keys(), ...fought.keys()]) if (which(address)) forgetOne(address);
    },
  };
}
