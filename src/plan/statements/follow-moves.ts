import { type Address, formatAddress, parseAddress } from '../../model/address.js';
import type { MovedStatement } from '../../model/statements.js';

/** Where things are now, as far as a move may end there. */
export interface Places {
  /** Addresses with a manifest. */
  declared: ReadonlySet<Address>;
  /** Targets of the project. */
  targets: ReadonlySet<string>;
}

/** The address that moves lead to, and the statements on the way; the address itself where none applies. */
export interface Followed {
  address: Address;
  by: readonly MovedStatement[];
}

/**
 * Follows the moves from an address, all of them taken together. A chain goes on until a place that exists, so that a shift
 * (a to b, b to c) moves each object once, and a swap ends after one step.
 */
export function createFollower(
  moved: readonly MovedStatement[],
  { declared, targets }: Places,
): (address: Address) => Followed {
  const objects = new Map(moved.filter(({ what }) => what === 'object').map((one) => [one.from, one]));
  const whole = new Map(moved.filter(({ what }) => what === 'target').map((one) => [one.from, one]));
  return (start) => {
    const by: MovedStatement[] = [];
    const seen = new Set([start]);
    let address = start;
    for (;;) {
      const { target, kind, name } = parseAddress(address);
      const ofTarget = whole.get(target);
      const move = objects.get(address) ?? ofTarget;
      if (move === undefined) break;
      const next = move.what === 'object' ? move.to : formatAddress(move.to, kind, name);
      if (seen.has(next)) break;
      seen.add(next);
      by.push(move);
      address = next;
      const arrived = move.what === 'target' && targets.has(move.to) && !objects.has(address);
      if (declared.has(address) || arrived) break;
    }
    return { address, by };
  };
}

/** The name that a project has now, through all moves; the name itself where none applies. */
export function followProject(name: string, moved: readonly MovedStatement[]): string {
  const projects = new Map(moved.filter(({ what }) => what === 'project').map(({ from, to }) => [from, to]));
  const seen = new Set([name]);
  let now = name;
  for (let next = projects.get(now); next !== undefined && !seen.has(next); next = projects.get(now)) {
    seen.add(next);
    now = next;
  }
  return now;
}
