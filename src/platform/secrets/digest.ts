import { createHash, scrypt } from 'node:crypto';
import { canonicalJson, type Json } from '../../model/json.js';

/** Digests of one ledger, salted with its salt: they say whether a value is the same, and nothing else. */
export interface Digests {
  /** Of a value that readers of the ledger may know. */
  plain(value: Json | undefined): string;
  /** Of a secret: slow on purpose, so that a leaked ledger does not help to guess. Computed once per value. */
  secret(value: string): Promise<string>;
}

/** `salt` as the ledger holds it. */
export function createDigests(salt: string): Digests {
  const known = new Map<string, Promise<string>>();
  return {
    plain(value) {
      const hash = createHash('sha256').update(salt).update(canonicalJson(value)).digest();
      return `s:${hash.subarray(0, 16).toString('base64url')}`;
    },
    secret(value) {
      const digest = known.get(value) ?? slowDigest(value, salt);
      known.set(value, digest);
      return digest;
    },
  };
}

function slowDigest(value: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(value, salt, 24, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => {
      if (error) reject(error);
      else resolve(`k:${key.toString('base64url')}`);
    });
  });
}
