import { describe, expect, it, vi } from 'vitest';
import { createDigests } from '../../../src/platform/secrets/digest.js';

// The one that ledgers are written with.
vi.unmock('node:crypto');

const salt = 'c2FsdHNhbHRzYWx0c2FsdA==';
const digests = createDigests(salt);

describe('a plain digest', () => {
  it('is the same for equal values on any machine', () => {
    expect(digests.plain({ a: 1, b: [true, null] })).toBe('s:N0HW9hNP11aKteRyaZXidA');
    expect(digests.plain({ b: [true, null], a: 1 })).toBe(digests.plain({ a: 1, b: [true, null] }));
  });

  it('differs with the value and with the salt', () => {
    expect(digests.plain('1')).not.toBe(digests.plain(1));
    expect(digests.plain('1')).not.toBe(createDigests('AAAA').plain('1'));
  });
});

describe('the digest of a secret', () => {
  it('is a salted scrypt of it', async () => {
    const digest = await digests.secret('sk-secret');
    expect(digest).toBe('k:OF1fV_4VomVR1Sa9TD6V1yUHiy5R7yiT');
    expect(await createDigests(salt).secret('sk-secret')).toBe(digest);
    expect(await createDigests('AAAA').secret('sk-secret')).not.toBe(digest);
    expect(await digests.secret('sk-secret2')).not.toBe(digest);
  });

  it('is computed once for each value', () => {
    expect(digests.secret('again')).toBe(digests.secret('again'));
  });
});
