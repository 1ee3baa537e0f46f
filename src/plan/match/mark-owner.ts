import type { Address } from '../../model/address.js';
import type { DesiredState } from '../../model/desired-state.js';
import type { Kind, Live } from '../../model/vendor.js';
import { ownershipMarkFor, ownershipMarkOf } from './identity.js';

/** The project and the moves that marks are read with. */
type MarkReader = Pick<DesiredState, 'project' | 'statements'>;

/** The addresses of one kind on one target. */
export interface KnownAddresses {
  /** Addresses with a manifest. */
  declared: ReadonlySet<Address>;
  /** Live id -> the address that the ledger knows it by. */
  recorded: ReadonlyMap<string, Address>;
}

/**
 * The address that an object's ownership mark means now: after a move, the one that it has moved to. Undefined without a
 * mark, and for a mark of another project.
 */
export function addressByMark(
  kind: Kind,
  live: Live,
  reader: MarkReader,
  { declared, recorded }: KnownAddresses,
): Address | undefined {
  const mark = ownershipMarkOf(kind, live);
  if (mark === undefined) return undefined;
  const moved = ownerOf(mark, reader);
  if (moved === undefined) return undefined;
  const plain = mark.slice(mark.indexOf('/') + 1);
  const known = recorded.get(live.id);
  if (known === plain || known === moved) return known;
  return declared.has(plain) ? plain : moved;
}

/** The address that a mark of this project leads to; undefined for another project's. */
export function ownerOf(mark: string, { project, statements }: MarkReader): Address | undefined {
  if (statements !== undefined) return statements.addressOf(mark);
  return mark.startsWith(`${project.name}/`) ? mark.slice(project.name.length + 1) : undefined;
}

/** The address that an object had before, where its mark still says so and a move leads from there to its address. */
export function formerName(
  kind: Kind,
  live: Live,
  { project, statements }: MarkReader,
  address: Address,
): string | undefined {
  const mark = ownershipMarkOf(kind, live);
  if (mark === undefined || mark === ownershipMarkFor(project.name, address)) return undefined;
  if (statements?.addressOf(mark) !== address) return undefined;
  return mark.startsWith(`${project.name}/`) ? mark.slice(project.name.length + 1) : mark;
}
