import { type Address, formatAddress, parseAddress } from '../../model/address.js';
import type { LedgerEntry } from '../../model/ledger.js';
import type { Live } from '../../model/vendor.js';
import type { LiveIndex } from './live-index.js';

/** The object that the ledger knew by an address which an id of the manifest gives to another one. */
export interface Displaced {
  /** The address that it has from now on: it is an orphan. */
  address: Address;
  live: Live;
  entry: LedgerEntry;
}

/** Finds the object that a manifest lets go of by naming another one; undefined where it is gone, or has a manifest. */
export function findDisplaced(
  address: Address,
  found: Live,
  index: LiveIndex,
  isTaken: (id: string) => boolean,
): Displaced | undefined {
  const entry = index.entries.get(address);
  if (entry === undefined || entry.id === found.id || isTaken(entry.id)) return undefined;
  // Under another address it is an orphan already.
  if ([...index.entries].some(([other, { id }]) => other !== address && id === entry.id)) return undefined;
  const live = index.byId.get(entry.id);
  return live && { address: orphanAddress(address, entry.id, index), live, entry };
}

/** An address that nothing else has, made of the old one and the id, so that it is the same on any machine. */
function orphanAddress(address: Address, id: string, { entries, manifests }: LiveIndex): Address {
  const { target, kind, name } = parseAddress(address);
  const short = shorten(id);
  const taken = (one: Address) => {
    const entry = entries.get(one);
    return (entry !== undefined && entry.id !== id) || manifests.some((other) => other.address === one);
  };
  for (let count = 1; ; count += 1) {
    const end = count === 1 ? `-${short}` : `-${short}-${count}`;
    const one = formatAddress(target, kind, `${name.slice(0, 63 - end.length)}${end}`);
    if (!taken(one)) return one;
  }
}

/** Tells if an address is the one that an object got when its former address was given to another object. */
export function isDisplacedFrom(address: Address, former: Address, id: string): boolean {
  const [now, before] = [parseAddress(address), parseAddress(former)];
  if (now.target !== before.target || now.kind !== before.kind) return false;
  const end = new RegExp(`-${shorten(id)}(?:-\\d+)?$`).exec(now.name)?.[0];
  return end !== undefined && now.name === before.name.slice(0, 63 - end.length) + end;
}

function shorten(id: string): string {
  return (
    id
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
      .slice(0, 8) || 'x'
  );
}
