import type { Ledger } from '../model/ledger.js';
import { findIdFault } from '../model/object-id.js';

/** The first id of a ledger that cannot be one, as a place and a reason in words. The shape is checked already. */
export function findIdFaultIn({ objects, intents }: Ledger): string | undefined {
  for (const [address, { id, formerly = [], retired = [] }] of Object.entries(objects)) {
    const fault = faultOf('objects', address, { id: [id], formerly, retired });
    if (fault !== undefined) return fault;
  }
  for (const [address, { id, known }] of Object.entries(intents)) {
    const fault = faultOf('intents', address, { id: id === undefined ? [] : [id], known });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(
  section: string,
  address: string,
  members: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  for (const [member, ids] of Object.entries(members)) {
    const fault = ids.map(findIdFault).find((found) => found !== undefined);
    if (fault !== undefined)
      return `${section}[${JSON.stringify(address)}].${member} cannot be an id: ${fault}`;
  }
  return undefined;
}
