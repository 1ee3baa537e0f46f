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
  /** Ids of earlier versions that are still to be removed. */
  readonly retired?: readonly string[];
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
  formatVersion: 1;
  project: string;
  /** Base64, random per ledger; salts every digest. */
  salt: string;
  objects: Record<Address, LedgerEntry>;
  intents: Record<Address, Intent>;
  /** Ids of saved plans that were carried out, newest last. */
  spent?: readonly string[];
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
