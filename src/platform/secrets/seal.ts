import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { parseExact, stringifyExact } from '../../model/exact-json.js';
import type { Seals } from '../../model/ports.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'a:';

/** The seals of one ledger: keys are derived with its salt. */
export function createSeals(salt: string): Seals {
  const known = new Map<string, Promise<Buffer>>();
  const keyOf = (secret: string) => {
    const key = known.get(secret) ?? derive(secret, salt);
    known.set(secret, key);
    return key;
  };
  return {
    async seal(value, secret) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, await keyOf(secret), iv);
      const text = Buffer.concat([cipher.update(stringifyExact(value), 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
    },
    async open(sealed, secret) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
      const start = IV_BYTES + TAG_BYTES;
      if (!sealed.startsWith(PREFIX) || bytes.length < start) return undefined;
      const decipher = createDecipheriv(CIPHER, await keyOf(secret), bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, start));
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]);
        return parseExact(text.toString('utf8'));
      } catch {
        return undefined;
      }
    },
  };
}

/** Another salt than that of the digests: a digest of the same secret, which the ledger may hold, must not be the key. */
function derive(secret: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, `seal ${salt}`, 32, { N: 2 ** 14, r: 8, p: 1 }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
