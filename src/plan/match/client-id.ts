import type { Address } from '../../model/address.js';
import type { Live } from '../../model/vendor.js';
import { clientIdFor } from './identity.js';
import type { LiveIndex } from './live-index.js';

/** The id that we choose for an object, and the count that it was derived with. */
export interface ClientId {
  id: string;
  count: number;
}

/** The object with the id that we would have made, unless its mark or the ledger says that it is another one. */
export function findByClientId(address: Address, index: LiveIndex): Live | undefined {
  if (index.scope.kind.rules.clientId === undefined) return undefined;
  const count = index.ledger.ids?.[address] ?? 0;
  const live = index.byId.get(clientIdFor(index.project.name, address, count));
  return live !== undefined && mayBe(address, live, index) ? live : undefined;
}

/** An id for the next create of an address: one that neither is nor was that of another object. */
export function chooseClientId(
  address: Address,
  index: LiveIndex,
  replaced: string | undefined,
): ClientId | undefined {
  if (index.scope.kind.rules.clientId === undefined) return undefined;
  const isTaken = (id: string) => {
    if (id === replaced) return false;
    const known = index.recorded.get(id);
    return index.byId.has(id) || index.retired.has(id) || (known !== undefined && known !== address);
  };
  for (let count = index.ledger.ids?.[address] ?? 0; ; count += 1) {
    const id = clientIdFor(index.project.name, address, count);
    if (!isTaken(id)) return { id, count };
  }
}

function mayBe(address: Address, live: Live, index: LiveIndex): boolean {
  if (index.retired.has(live.id)) return false;
  const known = index.recorded.get(live.id);
  if (known !== undefined && known !== address) return false;
  const marked = index.markOf(live);
  return marked === undefined || marked === address;
}
