import type * as Crypto from 'node:crypto';

/**
 * `node:crypto` with an scrypt that costs next to nothing: hundreds of commands hash the same few secrets here, and what
 * the real one costs is tested where it is used. For `vi.mock('node:crypto', …)` at the top of a test file.
 */
export function withCheapScrypt(crypto: typeof Crypto): object {
  const scrypt = (
    value: string,
    salt: string,
    length: number,
    _cost: Crypto.ScryptOptions,
    done: (error: Error | null, key: Buffer) => void,
  ) => crypto.scrypt(value, salt, length, { N: 2, r: 1, p: 1 }, done);
  return { ...crypto, scrypt };
}
