import { type Address, parseAddress } from '../model/address.js';
import type { DesiredState } from '../model/desired-state.js';
import { findKind } from '../model/find-kind.js';
import type { Observed } from '../model/observed.js';
import type { Target } from '../model/project.js';
import type { Kind, Vendor } from '../model/vendor.js';

/** The kinds of entries that are let go on targets that the project no longer has: nothing of them can be read. */
export function findLostScopes(
  { project, statements }: DesiredState,
  vendors: readonly Vendor[],
): Map<Address, Observed> {
  const known = new Set(project.targets.map(({ name }) => name));
  const scopes = new Map<Address, Observed>();
  for (const { address, entry } of statements?.forgotten ?? []) {
    const { target, kind } = parseAddress(address);
    if (known.has(target)) continue;
    scopes.set(address, {
      target: lostTarget(target, entry.vendor),
      kind: findKind(vendors, { vendor: entry.vendor, kind }) ?? unknownKind(kind),
      live: [],
      cost: 0,
    });
  }
  return scopes;
}

function lostTarget(name: string, vendor: string): Target {
  const never = { concurrency: 1, requestsPerSecond: 1, timeoutMs: 1 };
  return { name, vendor, baseUrl: '', auth: { fromEnv: '' }, ...never };
}

/** Of a vendor that this llmform does not know: no request is ever made for it. */
function unknownKind(name: string): Kind {
  const unreachable = () => {
    throw new Error(`nothing can be sent for the unknown kind ${name}`);
  };
  return {
    name,
    rules: { fields: {}, writes: 'merge-patch', naturalName: [], replace: 'create-first' },
    list: unreachable,
    toWire: unreachable,
    fromWire: unreachable,
    create: unreachable,
    createdId: unreachable,
  };
}
