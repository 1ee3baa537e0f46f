import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK_FAILED } from '../../../src/model/mask-error.js';
import { createMask } from '../../../src/platform/secrets/mask.js';
import { encodingsOf } from '../../../src/platform/secrets/secret-forms.js';

const HEAD = 64;
const HOSTILE = [...'aaab\\^$.*+?()[]{}|/"\'<>&%=-_ \n\r\t\u0000\u200b\u2028ß€\ud83d\ude00\ud800'];

function masked(secrets: Iterable<string>, text: string): string {
  const { hold, mask } = createMask();
  const held = hold();
  for (const secret of secrets) held.add(secret);
  return mask(text);
}

/** The same by going through all forms at each place: of a form longer than 64 characters, as much as is there. */
function naive(secrets: readonly string[], text: string): string {
  const forms = secrets.filter((secret) => secret.trim().length >= 16).flatMap(encodingsOf);
  let [shown, at] = ['', 0];
  while (at < text.length) {
    const here = forms.filter((form) => text.startsWith(form.slice(0, HEAD), at));
    const head = Math.max(0, ...here.map(({ length }) => Math.min(length, HEAD)));
    const longest = here
      .filter((form) => Math.min(form.length, HEAD) === head)
      .map((form) => shared(form, text, at));
    const length = Math.max(0, ...longest);
    shown += length === 0 ? text[at] : '(sensitive)';
    at += length || 1;
  }
  return shown;
}

function shared(form: string, text: string, at: number): number {
  let length = 0;
  while (length < form.length && form[length] === text[at + length]) length += 1;
  return length;
}

describe('the mask', () => {
  it('does what going through all forms at each place does, whatever the characters', () => {
    const hostile = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 90 }).map((parts) => parts.join(''));
    const secret = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 80 }));
    fc.assert(
      fc.property(
        fc.array(secret, { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), hostile)),
        (secrets, parts) => {
          const forms = [...secrets, ...secrets.flatMap(encodingsOf)];
          const text = parts
            .map(
              ([which, cut, other]) =>
                `${forms[which % forms.length]?.slice(0, 8 + (cut % 100)) ?? ''}${other}`,
            )
            .join('')
            .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
          expect(masked(secrets, text)).toBe(naive(secrets, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([16, 63, 64, 65, 1000, 16_000, 65_536])('takes secrets of %i characters, of any kind', (length) => {
    const kinds = [
      // White space at an end does not count as a part of a secret.
      `x${randomBytes(length - 2).toString('latin1')}x`,
      randomBytes(length).toString('base64').slice(0, length),
      'a'.repeat(length),
      '(((((((('.repeat(length / 8 + 1).slice(0, length),
      '[^\\'.repeat(length).slice(0, length),
    ];
    for (const secret of kinds) expect(masked(kinds, `<${secret}>`)).toBe('<(sensitive)>');
  });

  it('takes 5,000 secrets that begin alike, and a long text that does too', () => {
    const secrets = Array.from(
      { length: 5000 },
      (_, i) => `sk-proj-${String(i).padStart(6, '0')}-${'k'.repeat(60)}`,
    );
    const text = 'sk-proj-'.repeat(50_000);
    expect(masked(secrets, `${text} ${secrets[4999]} ${text}`)).toBe(`${text} (sensitive) ${text}`);
  });

  it('needs no longer for a secret that nearly is there at every place', () => {
    const secret = `${'a'.repeat(16_000)}b`;
    const text = 'a'.repeat(2_000_000);
    // Of a long secret its beginning is enough to be one.
    expect(masked([secret], text)).toMatch(/^(\(sensitive\))+$/);
    expect(masked([`${'a'.repeat(60)}b`], text)).toBe(text);
  });

  it('hides all of a value in which a secret has something invisible inside', () => {
    expect(masked(['sk-openai-secret'], 'the key sk-ope\u200bnai-\u00adsecret')).toBe('(sensitive)');
    expect(masked(['sk-openai-secret'], 'a value\nof two \u200blines')).toBe('a value\nof two \u200blines');
  });

  it('finds it beside a secret that itself has invisible characters', () => {
    const lines = 'first\tline\nsecond line';
    expect(masked(['sk-openai-secret', lines], `${lines} and sk-ope\u200bnai-secret`)).toBe('(sensitive)');
    expect(masked(['sk-openai-secret', lines], `${lines} and more`)).toBe('(sensitive) and more');
  });

  it('tells nothing of a secret that may be found by trying, in no encoding', () => {
    const pin = ' pin-7391-abc1-z ';
    for (const form of [pin, ...encodingsOf(pin)]) expect(masked([pin], `a ${form} b`)).toBe(`a ${form} b`);
  });

  it('keeps no long message', () => {
    const { add, clean } = createMask();
    add('sk-openai-secret');
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 60; i += 1) clean(`${i} ${'no such model, '.repeat(70_000)}`);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30 * 1024 * 1024);
  });

  it('says one fixed sentence where it fails, and carries nothing of what it failed at', () => {
    const { add, mask, clean } = createMask();
    add('sk-openai-secret');
    const broken = { slice: () => fail() } as unknown as string;
    const fail = () => {
      throw new RangeError('sk-openai-secret');
    };
    for (const show of [mask, clean]) {
      const thrown = caught(() => show(broken));
      expect(thrown).toMatchObject({ message: MASK_FAILED, stack: MASK_FAILED });
      expect(thrown).not.toHaveProperty('cause');
    }
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('what a mask remembers', () => {
  const secret = (i: number, length = 40) => `secret-${String(i).padStart(length - 7, '0')}`;
  const knows = (mask: (text: string) => string, one: string) => mask(one) === '(sensitive)';

  it('is dropped a while after the last run that held it', () => {
    let time = 0;
    const { hold, mask } = createMask({ releasedMs: 1000, now: () => time });
    const [first, second] = [hold(), hold()];
    for (const held of [first, second]) held.add(secret(1));
    first.release();
    time = 5000;
    second.add(secret(2));
    expect(knows(mask, secret(1))).toBe(true);
    second.release();
    time = 5999;
    hold().add(secret(3));
    expect(knows(mask, secret(1))).toBe(true);
    time = 6000;
    const last = hold();
    last.add(secret(4));
    last.release();
    expect([1, 2, 3, 4].map((i) => knows(mask, secret(i)))).toEqual([false, false, true, true]);
  });

  it('is bounded by its length, the oldest going first', () => {
    const { add, mask } = createMask({ releasedLength: 40 * 100 });
    for (let i = 0; i < 10_000; i += 1) add(secret(i));
    expect([9899, 9900, 9999].map((i) => knows(mask, secret(i)))).toEqual([false, true, true]);
  });

  it('holds what is in use, however much that is', () => {
    const { hold, add, mask } = createMask({ releasedLength: 1000, releasedMs: 0 });
    const held = hold();
    for (let i = 0; i < 300; i += 1) held.add(secret(i, 4000));
    for (let i = 0; i < 300; i += 1) add(secret(i, 4000));
    for (let i = 300; i < 600; i += 1) add(secret(i, 4000));
    expect([0, 299, 400].map((i) => knows(mask, secret(i, 4000)))).toEqual([true, true, false]);
  });
});
