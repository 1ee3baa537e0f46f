import { createHash, randomBytes, scrypt } from 'node:crypto';
import { canonicalJson } from '../../model/json.js';
import type { Digests } from '../../model/ports.js';

/** The digests of one ledger; `salt` as the ledger holds it. */
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

/** Random bytes in base64, such as the salt of a ledger. */
export function randomBase64(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
