import type { Ledger } from '../model/ledger.js';
import { findIdFault } from '../model/object-id.js';

/** The first id of a ledger that cannot be one, as a place and a reason in words. The shape is checked already. */
export function findIdFaultIn({ objects, intents }: Ledger): string | undefined {
  for (const [address, { id, formerly, retired }] of Object.entries(objects)) {
    const fault =
      faultOf('objects', address, 'id', id) ??
      faultIn('objects', address, 'formerly', formerly) ??
      faultIn('objects', address, 'retired', retired);
    if (fault !== undefined) return fault;
  }
  for (const [address, { id, known }] of Object.entries(intents)) {
    const fault = faultOf('intents', address, 'id', id) ?? faultIn('intents', address, 'known', known);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultIn(
  section: string,
  address: string,
  member: string,
  ids: readonly string[] = [],
): string | undefined {
  for (const id of ids) {
    const fault = faultOf(section, address, member, id);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(
  section: string,
  address: string,
  member: string,
  id: string | undefined,
): string | undefined {
  const fault = id === undefined ? undefined : findIdFault(id);
  if (fault === undefined) return undefined;
  return `${section}[${JSON.stringify(address)}].${member} cannot be an id: ${fault}`;
}
