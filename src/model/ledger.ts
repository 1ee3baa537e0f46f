import { type Address, isWithin } from './address.js';
import type { JsonObject } from './json.js';

/**
 * The memory of one object between runs. Holds no secret. An entry is replaced,
 * never changed: its text is worked out once.
 */
export interface LedgerEntry {
  readonly vendor: string;
  readonly id: string;
  /**
   * JSON Pointer of a field or map key -> the value last applied: `=` and its canonical JSON when it is short, so that a
   * conflict can show it, else a salted digest, also of a value that looks like a secret. Write-only fields always by digest, their secrets by scrypt.
   */
  readonly applied: Readonly<Record<string, string>>;
  /** JSON Pointer -> a value that the vendor accepted and did not keep, with what it has instead; in the same form. */
  readonly notPersisted?: Readonly<Record<string, string>>;
  /** `lifecycle.preventDestroy`, which outlives its manifest. */
  readonly preventDestroy?: true;
  /** Ids that this address had before, of objects that were gone and created anew. `metadata.id` may still name one. */
  readonly formerly?: readonly string[];
  /** Ids of earlier versions that are still to be removed. */
  readonly retired?: readonly string[];
  /**
   * JSON Pointer -> the live value before we first set a field, in the form of `applied`: what a field that is given up
   * would go back to. Nothing for an object that we created.
   */
  readonly before?: Readonly<Record<string, string>>;
  /** JSON Pointer -> the value last applied of a field that is no longer declared, and still has that value. */
  readonly released?: Readonly<Record<string, string>>;
  /** When it was last written, as an ISO date in UTC. */
  readonly at?: string;
  /** The id of the run that wrote it. */
  readonly run?: string;
}

/** The account behind a target's name. */
export interface TargetBinding {
  readonly vendor: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** The vendor's id of the account, where an answer that is read anyway tells it. */
  readonly account?: string;
}

/** Recorded before a create is sent, removed when its answer is recorded. */
export interface Intent {
  readonly vendor: string;
  /** The client-made id, where the vendor takes one. */
  readonly id?: string;
  /** Ids that had the object's natural name before the create: a new id with that name is the created object. */
  readonly known: readonly string[];
  /** The natural name that it was sent with. */
  readonly name?: string;
  /** The sent values of the fields that can be read back, as in `LedgerEntry.applied`: a name alone never binds. */
  readonly sent?: Readonly<Record<string, string>>;
  /**
   * Of a replacement that deletes first: other people's keys in maps, which the new object takes over, sealed with the
   * target's credential. Their values may be secrets, and a reader of the ledger may not be allowed to read those. As an object: written by an llmform that did not seal them yet.
   */
  readonly inherited?: string | JsonObject;
}

/** The whole ledger. Losing it costs no data: everything can be adopted again. */
export interface Ledger {
  formatVersion: 2;
  project: string;
  /** Random, made once: tells an older copy of this ledger from another ledger. */
  lineage: string;
  /** Grows with every save: tells an older copy of this ledger from a newer one. */
  serial: number;
  /** Base64, random per ledger; salts every digest. */
  salt: string;
  /** The account behind each target when it was last applied to, by the target's name. */
  targets: Record<string, TargetBinding>;
  objects: Record<Address, LedgerEntry>;
  intents: Record<Address, Intent>;
  /**
   * How many client-made ids of an address are, or were, those of other objects: of what was moved away or forgotten. The
   * next one is derived with this number. Addresses without one have none.
   */
  ids?: Record<Address, number>;
  /** The `moved` statements that were carried out, as `movedKey` writes them: they count once. */
  moved?: readonly string[];
  /** Ids of saved plans that were carried out, newest last. */
  spent?: readonly string[];
  /** The format that it was read in, where it is not the one that is written. In memory only, until it is saved. */
  carriedFrom?: 1;
}

/** The entries of one target in a ledger, and of one kind where one is given. */
export function entriesOf<T>(
  entries: Readonly<Record<Address, T>>,
  target: string,
  kind?: string,
): [Address, T][] {
  const found: [Address, T][] = [];
  for (const address of Object.keys(entries)) {
    const entry = entries[address];
    if (entry !== undefined && isWithin(address, target, kind)) found.push([address, entry]);
  }
  return found;
}
