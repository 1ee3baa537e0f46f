import { describe, expect, it, vi } from 'vitest';
import { createSeals } from '../../../src/platform/secrets/seal.js';

// The one that ledgers are written with.
vi.unmock('node:crypto');

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA==';
const keys = { labels: { token: 'theirs', größe: ['L', null], count: 12345678901234567890n } };

describe('a seal', () => {
  it('is opened by the secret that it was made with', async () => {
    const sealed = await createSeals(SALT).seal(keys, 'the-credential');
    expect(sealed).toMatch(/^a:[\w-]+$/);
    expect(await createSeals(SALT).open(sealed, 'the-credential')).toEqual(keys);
  });

  it('is opened by nothing else', async () => {
    const seals = createSeals(SALT);
    const sealed = await seals.seal(keys, 'the-credential');
    expect(await seals.open(sealed, 'another')).toBeUndefined();
    expect(await createSeals('b3RoZXJvdGhlcm90aGVyb3Q=').open(sealed, 'the-credential')).toBeUndefined();
    expect(await seals.open(`${sealed.slice(0, -2)}AA`, 'the-credential')).toBeUndefined();
    for (const text of ['', 'a:', 'a:AAAA', '=1']) expect(await seals.open(text, 'x')).toBeUndefined();
  });
});
