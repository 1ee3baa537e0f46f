import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeForeignText } from '../../../src/platform/secrets/foreign-text.js';
import { looksRandom } from '../../../src/platform/secrets/random-text.js';
import { createSecretParts } from '../../../src/platform/secrets/secret-parts.js';

const SECRET = `sk-proj-Ab12Cd34Ef56"Gh78&Ij90Kl12Mn34Op56Qr78St90`;
/** Words of one case, which nothing but the secret itself gives away. */
const PHRASE = 'correct horse battery staple + öl';

/** What is left of `text` where these are the secrets. */
function clean(text: string, secrets: readonly string[], said?: string): string {
  const parts = createSecretParts();
  for (const secret of secrets) parts.add(secret);
  return sanitizeForeignText(text, parts, said === undefined ? {} : { said: () => said });
}

const twice = (text: string) => JSON.stringify(JSON.stringify({ k: text }));
const escaped = (text: string) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const hex = (number: number | undefined, length: number) => (number ?? 0).toString(16).padStart(length, '0');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const html = (text: string) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');

const DRESSED: Record<string, (secret: string) => string> = {
  'as it is': (s) => s,
  'its first part': (s) => `${s.slice(0, 20)}…`,
  'its last part': (s) => `…${s.slice(-16)}`,
  'eight characters of it': (s) => s.slice(8, 16),
  'in capitals': (s) => s.toUpperCase(),
  'in small letters': (s) => s.toLowerCase(),
  wrapped: (s) => s.match(/.{1,9}/gs)?.join('\n') ?? '',
  'wrapped and indented': (s) => s.match(/.{1,9}/gs)?.join('\r\n\t  ') ?? '',
  'letter by letter': (s) => [...s].join(' '),
  'with dashes in between': (s) => s.match(/.{1,4}/gs)?.join('-') ?? '',
  'with invisible characters inside': (s) => [...s].join('\u200b'),
  'with control characters inside': (s) => s.match(/.{1,3}/gs)?.join('\u0007') ?? '',
  'with soft hyphens and fillers': (s) => s.match(/.{1,3}/gs)?.join('\u00ad\u3164') ?? '',
  'with terminal colours': (s) => `\u001b[31m${s}\u001b[0m`,
  'full width': (s) => s.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
  'in hex': (s) => Buffer.from(s).toString('hex'),
  'in hex with colons': (s) => Buffer.from(s).toString('hex').match(/../g)?.join(':').toUpperCase() ?? '',
  'in base64': base64,
  'in base64 at offset one': (s) => base64(`:${s}`),
  'in base64 at offset two': (s) => base64(`a:${s}`),
  'in base64 as Basic': (s) => base64(`user:${s}`),
  'in base64url, wrapped': (s) =>
    Buffer.from(`Bearer ${s}`)
      .toString('base64url')
      .match(/.{1,13}/g)
      ?.join('\n') ?? '',
  'as HTML': html,
  'as HTML twice': (s) => html(html(s)),
  'as numeric entities': (s) => [...s].map((one) => `&#${one.codePointAt(0)};`).join(''),
  'as hexadecimal entities': (s) => [...s].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(''),
  'as JSON': (s) => JSON.stringify({ k: s }),
  'as JSON twice': twice,
  'as JSON three times': (s) => JSON.stringify(twice(s)),
  'as escapes of JSON': escaped,
  'as escapes of escapes': (s) => escaped(s).replaceAll('\\', '\\\\'),
  'percent-encoded': encodeURIComponent,
  'percent-encoded throughout': (s) =>
    [...Buffer.from(s)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'percent-encoded twice': (s) => encodeURIComponent(encodeURIComponent(s)),
  'as a form': (s) => new URLSearchParams({ key: s }).toString(),
  'as a buffer in JSON': (s) => JSON.stringify(Buffer.from(s)),
  'as a list of codes': (s) => [...Buffer.from(s)].join(', '),
  'as bytes in Go': (s) =>
    `[]byte{${[...Buffer.from(s)].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`,
  'as a spread text': (s) => JSON.stringify({ ...s.split('') }),
  'as pairs': (s) => `[${[...s].map((one, i) => `(${i}, '${one}')`).join(', ')}]`,
  'as code points': (s) => [...s].map((one) => `U+${hex(one.codePointAt(0), 4).toUpperCase()}`).join(' '),
  'as octal escapes': (s) =>
    [...Buffer.from(s)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'as bits': (s) => [...Buffer.from(s)].map((byte) => byte.toString(2).padStart(8, '0')).join(' '),
  'as objects': (s) => JSON.stringify([...Buffer.from(s)].map((code) => ({ code }))),
  'as a dump': (s) =>
    Buffer.from(s)
      .toString('hex')
      .match(/.{1,4}/g)
      ?.map((group, i) => `${hex(2 * i, 4)}: ${group}`)
      .join('\n') ?? '',
  'in numbered lines': (s) =>
    s
      .match(/.{1,5}/gs)
      ?.map((line, i) => `${i + 1}| ${line}`)
      .join('\n') ?? '',
  'with a colour for each character': (s) => [...s].map((one) => `\u001b[31m${one}\u001b[0m`).join(''),
  'with tags in between': (s) => [...s].join('<wbr>'),
  'with question marks for letters': (s) => s.replace(/[^ -~]/g, '?'),
  'with escaped bytes': (s) =>
    [...Buffer.from(s)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
};

/** Every run of 8 letters and digits of the secret, as it is or in the encodings that are read back easily. */
function partsLeft(text: string, secret: string): string[] {
  const flat = (one: string) => one.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const left = flat(text);
  const forms = [
    secret,
    Buffer.from(secret).toString('hex'),
    base64(secret),
    base64(`a${secret}`),
    base64(`ab${secret}`),
  ];
  return forms.flatMap((form) => {
    const whole = flat(form);
    return Array.from({ length: Math.max(0, whole.length - 7) }, (_, i) => whole.slice(i, i + 8)).filter(
      (part) => left.includes(part),
    );
  });
}

describe('words of others', () => {
  describe.each([SECRET, PHRASE])('with %j in them', (secret) => {
    it.each(Object.entries(DRESSED))('hold none of it %s', (_, dress) => {
      const words = clean(`bad key ${dress(secret)} end`, ['other-secret-1', secret]);
      expect(words).toMatch(/^bad key \S*\(sensitive\)/);
      expect(partsLeft(words, secret)).toEqual([]);
      expect(partsLeft(decodeURIComponent(words.replaceAll('%', '%25')), secret)).toEqual([]);
    });
  });

  it('hold no part of 8 characters of any secret, however they are put together', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
    const secret = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 60 });
    const dress = fc.constantFrom(...Object.values(DRESSED));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(text, fc.nat(), dress)),
        (secrets, parts) => {
          const words = clean(
            parts
              .map(([before, which, make]) => `${before} ${make(secrets[which % secrets.length] ?? '')}`)
              .join(' '),
            secrets,
          );
          for (const one of secrets)
            expect(partsLeft(words.replaceAll('(sensitive)', ' | '), one)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lose a short secret as well', () => {
    expect(clean('the pin 4711 is wrong, and 47 11 too', ['4711'])).toBe(
      'the pin (sensitive) is wrong, and (sensitive) too',
    );
  });

  it.each([
    ['hunter2xy', 'hunter2…'],
    ['hunter2swrdf', 'hunter…'],
    ['hunter2swrdf', '…2swrdf'],
  ])('lose half of a secret that may be found by trying', (secret, part) => {
    expect(clean(`bad key ${part} end`, [secret])).toBe('bad key (sensitive) end');
  });

  it('tell nothing of a secret that may be found by trying to the author of what they quote', () => {
    const guesses = Array.from({ length: 100 }, (_, i) => `pin-${7300 + i}`);
    const dress = fc.constantFrom(...Object.values(DRESSED));
    fc.assert(
      fc.property(fc.constantFrom(...guesses), fc.nat(99), dress, dress, (secret, at, ask, quote) => {
        const said = guesses.map((guess) => ask(guess)).join(' ');
        const words = `no ${quote(ask(guesses[at] ?? ''))} there`;
        const guessed = [secret, guesses[at] ?? ''].map((one) => clean(words, [one], said));
        expect(guessed[0]).toBe(guessed[1]);
      }),
      { numRuns: 300 },
    );
    const request = JSON.stringify({ displayName: 'Support', modelName: 'gpt-9' });
    const words = 'displayName: there is no gpt-9';
    expect(clean(words, ['pin-7391'], request)).toBe('(sensitive) there is no (sensitive)');
    expect(clean(words, [SECRET], request)).toBe(words);
  });

  it.each([
    'modelName: unknown model gpt-4o-mini-2024-07-18, did you mean claude-3-5-sonnet-20241022?',
    'url must be https: https://api.openai.com/v1/chat/completions',
    'body.displayName: Input should be a valid string; maxContextLength: 200001 is greater than 200000',
    "fatal: couldn't find remote ref refs/heads/release-2026-11",
    Array.from({ length: 9 }, (_, i) => `urls.${i}.url: it must be a string`)
      .join('; ')
      .slice(0, 295),
    'Rate limit reached for org on requests per min (RPM): Limit 3, Used 3. Retry after 20s.',
    'Resource not accessible by integration - https://docs.github.com/rest/issues/comments#create-an-issue-comment',
    'meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo is not available in eu-central-1 (since 2026-11-22T03:08:16.000Z)',
    'Qwen2.5-72B-Instruct-GPTQ-Int4 needs internationalizationSettings.defaultSamplingParams',
    'der Schlüssel „Support“ fehlt – 数字は必須です',
  ])('stay readable: %s', (text) => {
    expect(clean(text, [SECRET, PHRASE, 'anam-emulator-key'])).toBe(text);
  });

  it('are one line of 300 characters at most, without anything that a terminal acts upon', () => {
    const words = clean(`a\r\n\u001b[2Jb\u202e ${'so it was '.repeat(10_000)}`, []);
    expect(words).toMatch(/^a b so it was/);
    expect(words).toHaveLength(300);
    expect(clean('\u200b\n', [])).toBe('');
  });
});

describe('a word that looks made by chance', () => {
  it.each([
    'sk-proj-abcdefgh',
    'ghs_16C7e42F292c6912E7710c838347Ae178B4a',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x',
    '641daf36-39e0-4510-b701-111cb6908d3b',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    'Ab12Cd34Ef56',
    'Ab12-Cd34-Ef56-Gh78-Ij90',
    'AKIAIOSFODNN7EXAMPLE1Z9',
    '4929123412341234',
    'kqzvxwjrtplmnbdfghskqzvxw',
  ])('%s', (word) => expect(looksRandom(word)).toBe(true));

  it.each([
    'gpt-4o',
    'text-embedding-3-large',
    'displayName',
    'v1beta1',
    '2026-11-22',
    'api.openai.com',
    'us-east-1',
    'HTTP/1.1',
    '127.0.0.1:45678',
    'llmFormat',
  ])('%s does not', (word) => expect(looksRandom(word)).toBe(false));
});
