import type { Address } from '../model/address.js';
import type { Json } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import { createLedgerCodec, type LedgerCodec } from './ledger-codec.js';

/** The values applied before, which one object is compared with in addition to its manifest and its live state. */
export interface Baseline {
  /** The ledger's record of this object. */
  entry?: LedgerEntry | undefined;
  codec: LedgerCodec;
  /** Digests of the desired write-only fields; a field whose secret cannot be resolved is missing. */
  writeOnly: ReadonlyMap<string, string>;
  /** Take an unknown digest for equal instead of sending the secret once. */
  trustSecrets: boolean;
  /** `lifecycle.ignoreChanges` of the manifest: what is neither compared nor remembered as applied. */
  ignored: readonly string[];
}

/** The baselines of all objects of one run. */
export interface Baselines {
  codec: LedgerCodec;
  of(address: Address, entry: LedgerEntry | undefined, ignored?: readonly string[]): Baseline;
}

export interface BaselineSource {
  /** Salted, of a value that is not secret and too long to be kept. */
  digest: (value: Json) => string;
  /** Of the desired write-only fields, by address and field. */
  writeOnly?: ReadonlyMap<Address, ReadonlyMap<string, string>>;
  trustSecrets?: boolean;
}

export function createBaselines({ digest, writeOnly, trustSecrets = false }: BaselineSource): Baselines {
  const codec = createLedgerCodec(digest);
  return {
    codec,
    of: (address, entry, ignored = []) => ({
      entry,
      codec,
      writeOnly: writeOnly?.get(address) ?? NONE,
      trustSecrets,
      ignored,
    }),
  };
}

const NONE: ReadonlyMap<string, string> = new Map();
