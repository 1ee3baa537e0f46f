import { describe, expect, it } from 'vitest';
import { hideExposed, holdsExposed, namesSecret, urlHoldsKey } from '../../src/model/exposed-secrets.js';

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
  ])('is only an address: %s', (url) => {
    expect(urlHoldsKey(url)).toBe(false);
    expect(holdsExposed('url', url)).toBe(false);
  });

  it('loses its keys and nothing else', () => {
    expect(hideExposed('url', 'https://u:p@h:8443/a?api-version=1&sig=x&b=2#c')).toBe(
      'https://(sensitive)@h:8443/a?api-version=1&sig=(sensitive)&b=2#c',
    );
  });

  it('is looked for where a text is one, not in what is said of one', () => {
    expect(holdsExposed('description', 'Calls https://h/?key=K with\nhttps://u:p@h')).toBe(false);
    expect(holdsExposed('description', 'Ask: which?key=x')).toBe(false);
  });

  it('takes no longer for long text', { timeout: 5_000 }, () => {
    for (const part of [' ', '\t', '/', '?', '?a=', '@', '/?', 'a:', '\t/']) {
      for (const start of ['', 'https://', '/', 'https:\t/']) holdsExposed('x', start + part.repeat(300_000));
    }
  });
});

describe('a name', () => {
  it.each(
    'apiKey api_key API-KEY x-api-key OPENAI_API_KEY apikey token accessToken hf_token authtoken authorization Proxy-Authorization password DB_PASSWORD pwd passwd secret clientSecret webhook_secret private_key secretAccessKey Ocp-Apim-Subscription-Key x-functions-key credentials cookie connectionString'.split(
      ' ',
    ),
  )('says that there is a secret: %s', (name) => expect(namesSecret(name)).toBe(true));

  it.each(
    'key max_tokens maxTokens eos_token padToken next_page_token tokenizer token_limit secret_id secretName api_key_id keyword sort_key public_key passthrough author authority team monkey headerName compass cwd'.split(
      ' ',
    ),
  )('says nothing of the kind: %s', (name) => expect(namesSecret(name)).toBe(false));
});

describe('a value', () => {
  it('loses texts under such names, at any depth, and keeps its shape', () => {
    const value = {
      region: 'eu',
      headers: { Authorization: 'Bearer x', Accept: 'json' },
      list: [
        { name: 'X-Api-Key', value: 'y' },
        { name: 'Accept', value: 'z' },
      ],
      apiKey: { fromEnv: 'NAME' },
      token: '',
      password: 5,
      proxy: 'https://u:p@h',
      __proto__: null,
    };
    expect(hideExposed('clientConfig', value)).toEqual({
      ...value,
      headers: { Authorization: '(sensitive)', Accept: 'json' },
      list: [
        { name: 'X-Api-Key', value: '(sensitive)' },
        { name: 'Accept', value: 'z' },
      ],
      proxy: 'https://(sensitive)@h',
    });
  });
});
