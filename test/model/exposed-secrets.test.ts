import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideExposed, holdsExposed } from '../../src/model/exposed-secrets.js';
import { type Json, sameJson } from '../../src/model/json.js';
import { namesSecret } from '../../src/model/secret-names.js';
import { urlHoldsKey } from '../../src/model/url-keys.js';

describe('a URL', () => {
  it.each([
    'https://svc:hunter2pass@proxy.example/v1',
    'https://token@git.example/x.git',
    'HTTPS://a:b@h',
    'https:\\\\a:b@h/x',
    'https:/\t/a:b@h/x',
    ' https://a:b@h',
    'https://a\n:b@h',
    'https://a:p@ss@h/x',
    '//a:b@h/x',
    'postgres://app:pw@db/x',
    'https://h/v1?key=AIzaSyA',
    'https://h/v1?api-version=2024-06-01&api-key=abc',
    'https://h/v1?API_KEY=abc',
    'https://h/v1?api%2Dkey=abc',
    'https://h/v1?a=1;access_token=abc',
    'https://h/v1#access_token=abc',
    'https://h/v1?subscription-key=abc',
    'https://h/v1?X-Amz-Date=2026&X-Amz-Signature=abc',
    'https://h/v1?sv=2022&sig=a%2Fb',
    'https://h/v1?client_secret=abc',
    'https://h/v1?password=abc',
    'https://f.example/api/chat?code=Zm9vYmFyYmF6MTIzNDU2Nzg5MA%3D%3D',
    'https://h/v1?proxy=https%3A%2F%2Fa%3Ab%40h%2F',
    '/chat/completions?key=abc',
    'https://h/v1?api_key%3Dabc',
    'https://h/v1?openai_key=abcdefgh12345678',
    'https://h/v1?api_keys=abc&tokens=def',
    'https://h/v1?apikeyv2=abc',
    'https://h/v1?hmac=0123456789abcdef0123',
    'https://h/proxy;api_key=abc',
    'https://h/proxy/https://a:b@other',
    'https://h/proxy/https%3A%2F%2Fa%3Ab%40other',
    'https://h/v1?proxy=https%253A%252F%252Fa%253Ab%2540h',
  ])('holds a key: %s', (url) => {
    expect(urlHoldsKey(url)).toBe(true);
    expect(holdsExposed('url', url)).toBe(true);
    expect(urlHoldsKey(hideExposed('url', url) as string)).toBe(false);
  });

  it.each([
    'https://api.openai.com/v1/chat/completions',
    'https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-06-01',
    'https://h/v1?token=',
    'https://h/v1?max_tokens=5&key_id=a&sort_key=b',
    'https://h/v1?code=de&region=eu',
    'https://h/@team/x?q=a@b',
    'https://[::1]:8080/v1',
    'ssh://git@git.example/x.git',
    'vault://llm/openai?key=apiKey#key',
    'http://localhost:8080',
    '/chat/completions',
    'https://h/v1?token=false&require_token=true&count_token=1&use_cookie=0&pass=1&key=name',
    'https://h/a%20b%zz?q=100%25',
    'note://any words: more @ rest',
  ])('is only an address: %s', (url) => {
    expect(urlHoldsKey(url)).toBe(false);
    expect(holdsExposed('url', url)).toBe(false);
  });

  it('loses its keys and nothing else', () => {
    expect(hideExposed('url', 'https://u:p@h:8443/a?api-version=1&sig=x&b=2#c')).toBe(
      'https://(sensitive)@h:8443/a?api-version=1&sig=(sensitive)&b=2#c',
    );
  });

  it.each([
    'api.example/v1?api-key=abc',
    'svc:abc@api.example/v1',
    'chat/completions?key=abc',
    '?key=abc',
    'http::https://u:abc@h/x.git',
  ])('holds a key also where a name says that it is a URL, or a part of one: %s', (text) => {
    expect(urlHoldsKey(text)).toBe(true);
    for (const name of ['apiPath', 'base_url', 'urls', 'monitoringEndpoint'])
      expect(JSON.stringify(hideExposed(name, text))).not.toContain('abc');
    expect(holdsExposed('description', text)).toBe(false);
  });

  it.each(['v1/models', 'git@host:path.git', 'host:8080/v1', 'mailto:a@b', ''])(
    'is only a part of an address: %s',
    (text) => expect(holdsExposed('path', text)).toBe(false),
  );

  it('is looked for where a text is one, not in what is said of one', () => {
    expect(holdsExposed('description', 'Calls https://h/?key=K with\nhttps://u:p@h')).toBe(false);
    expect(holdsExposed('description', 'Ask: which?key=x')).toBe(false);
  });

  it('takes no longer for long text', { timeout: 5_000 }, () => {
    for (const part of [' ', '\t', '/', '?', '?a=', '@', '/?', 'a:', '\t/', '%3d', '?%', '://a:', '%25']) {
      for (const start of ['', 'https://', '/', 'https:\t/'])
        holdsExposed('url', start + part.repeat(100_000));
    }
  });
});

describe('a name', () => {
  it.each(
    'apiKey api_key API-KEY x-api-key OPENAI_API_KEY apikey token accessToken hf_token authtoken authorization Proxy-Authorization password DB_PASSWORD pwd passwd secret clientSecret webhook_secret private_key secretAccessKey Ocp-Apim-Subscription-Key x-functions-key credentials cookie connectionString apiKeyV2 api_keys passwords'.split(
      ' ',
    ),
  )('says that there is a secret: %s', (name) => expect(namesSecret(name)).toBe(true));

  it.each(
    'key max_tokens maxTokens eos_token padToken next_page_token tokenizer token_limit secret_id secretName api_key_id keyword sort_key public_key passthrough author authority team monkey headerName compass cwd maxTokens completion_tokens vision_token'.split(
      ' ',
    ),
  )('says nothing of the kind: %s', (name) => expect(namesSecret(name)).toBe(false));
});

describe('a value', () => {
  it('loses what stands under such names, at any depth, and keeps its shape', () => {
    const value = {
      region: 'eu',
      headers: { Authorization: ['Bearer x'], Accept: 'json' },
      list: [
        { name: 'X-Api-Key', value: 'y' },
        { Header: 'Cookie', Value: 'y' },
        { name: 'Accept', value: 'z' },
      ],
      pairs: [
        ['Authorization', 'y'],
        ['Accept', 'z'],
      ],
      apiKey: { fromEnv: 'NAME' },
      api_keys: ['y', { value: 'y', name: 'first' }],
      credentials: { type: 'basic', inner: { user: 'y' } },
      parameters: { password: { type: 'string', minLength: 8, description: 'Ask for it.', default: 'y' } },
      token: '',
      tokens: { prompt: 5 },
      user_token: '<|user|>',
      password: 5,
      useCookie: false,
      http_cookie: 'off',
      proxy: 'https://u:p@h',
      __proto__: null,
    };
    expect(hideExposed('clientConfig', value)).toEqual({
      ...value,
      headers: { Authorization: ['(sensitive)'], Accept: 'json' },
      list: [
        { name: 'X-Api-Key', value: '(sensitive)' },
        { Header: 'Cookie', Value: '(sensitive)' },
        { name: 'Accept', value: 'z' },
      ],
      pairs: [
        ['Authorization', '(sensitive)'],
        ['Accept', 'z'],
      ],
      api_keys: ['(sensitive)', { value: '(sensitive)', name: 'first' }],
      credentials: { type: 'basic', inner: { user: '(sensitive)' } },
      parameters: {
        password: { type: 'string', minLength: 8, description: 'Ask for it.', default: '(sensitive)' },
      },
      password: '(sensitive)',
      proxy: 'https://(sensitive)@h',
    });
  });

  const text = fc.constantFrom(
    'a',
    'b',
    '',
    '(sensitive)',
    'https://u:p@h',
    'https://(sensitive)@h',
    'https://x:p@h?key=a',
  );
  const name = fc.constantFrom('token', 'api_key', 'url', 'value', 'name', 'password', 'x');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer({ min: 2, max: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));

  it('differs from what the manifest says wherever it did, and nowhere else', () => {
    fc.assert(
      fc.property(name, value, value, (called, there, own) => {
        const shown = hideExposed(called, there, own);
        expectSameDifferences(shown, there, own);
      }),
      { numRuns: 2000 },
    );
  });
});

function expectSameDifferences(
  shown: Json | undefined,
  there: Json | undefined,
  own: Json | undefined,
): void {
  expect(sameJson(shown, own), JSON.stringify({ shown, there, own })).toBe(sameJson(there, own));
  if (typeof there !== 'object' || there === null || typeof own !== 'object' || own === null) return;
  const inside = (value: Json | undefined, key: string) => (value as { [key: string]: Json })[key];
  for (const key of Object.keys(there))
    if (Object.hasOwn(own, key))
      expectSameDifferences(inside(shown, key), inside(there, key), inside(own, key));
}
