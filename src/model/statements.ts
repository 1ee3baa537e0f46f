import type { Address } from './address.js';
import type { Diagnostic } from './diagnostic.js';
import type { LedgerEntry } from './ledger.js';
import type { Source } from './manifest.js';

/** Statements to the ledger, out of documents of `kind: Ledger`: reviewed like manifests, and harmless once applied. */
export interface Statements {
  bind: readonly BindStatement[];
  moved: readonly MovedStatement[];
  forget: readonly ForgetStatement[];
}

/** An address means this live object, as `metadata.id` says, without tying the manifest to one account. */
export interface BindStatement {
  address: Address;
  id: string;
  source: Source;
  /** Its place in the document. */
  path: string;
}

/** Something has another name now: an object's address, a target, or the project. */
export interface MovedStatement {
  what: 'object' | 'target' | 'project';
  from: string;
  to: string;
  source: Source;
}

/** An object, all of a target, or everything is managed here no longer. */
export interface ForgetStatement {
  what: 'object' | 'target' | 'all';
  /** The address or the name of the target; `*` for all. */
  name: string;
  source: Source;
}

export const NO_STATEMENTS: Statements = { bind: [], moved: [], forget: [] };

export function hasStatements({ bind, moved, forget }: Statements): boolean {
  return bind.length + moved.length + forget.length > 0;
}

/** The text that the ledger remembers an applied `moved` by. */
export function movedKey({ what, from, to }: Pick<MovedStatement, 'what' | 'from' | 'to'>): string {
  return `${what} ${from} -> ${to}`;
}

/** Tells if a statement lets an address go. */
export function forgets({ what, name }: ForgetStatement, address: Address): boolean {
  if (what === 'all') return true;
  return what === 'object' ? address === name : address.startsWith(`${name}/`);
}

/** An entry of the ledger that this run lets go. */
export interface ForgottenObject {
  address: Address;
  entry: LedgerEntry;
  source: Source;
}

/** A `moved` whose place is taken: both addresses were applied. An error where both objects are there. */
export interface ContestedMove {
  from: Address;
  to: Address;
  /** The id of the object at `from`, and of the one that has its place. */
  ids: readonly [string, string];
  source: Source;
}

/** The outcome of the statements, for one ledger and one run. */
export interface ResolvedStatements {
  bound: ReadonlyMap<Address, BindStatement>;
  /** The address that an entry has now, and what it had before this run; with the project's old name, where that changed. */
  movedFrom: ReadonlyMap<Address, string>;
  /** The entries that were let go, under the addresses that they had. */
  forgotten: readonly ForgottenObject[];
  contested: readonly ContestedMove[];
  /** Errors of statements that this ledger does not allow. */
  diagnostics: readonly Diagnostic[];
  /** The address that an ownership mark means now; undefined for a mark of another project. */
  addressOf(mark: string): Address | undefined;
  /** The statement that lets an address go. */
  forgottenBy(address: Address): ForgetStatement | undefined;
}
