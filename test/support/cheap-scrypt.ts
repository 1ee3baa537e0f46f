import type * as Crypto from 'node:crypto';
import { vi } from 'vitest';

// In the process of the tests an scrypt costs next to nothing: hundreds of commands hash the same few secrets there, and what
// the real one does is tested where it is used. `vi.unmock('node:crypto')` at the top of a file brings it back.
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof Crypto>();
  const scrypt = (
    value: string,
    salt: string,
    length: number,
    _cost: Crypto.ScryptOptions,
    done: (error: Error | null, key: Buffer) => void,
  ) => crypto.scrypt(value, salt, length, { N: 2, r: 1, p: 1 }, done);
  return { ...crypto, scrypt };
});
