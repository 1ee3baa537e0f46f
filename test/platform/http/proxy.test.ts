import { describe, expect, it } from 'vitest';
import { findProxy } from '../../../src/platform/http/proxy.js';

const placeOf = (url: string, env: Record<string, string>) => findProxy(new URL(url), env)?.place;

describe('the proxy for a destination', () => {
  const both = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://secure:2' };
  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://a.example', {}, undefined],
    ['https://a.example', both, 'secure:2'],
    ['http://a.example', both, 'plain:1'],
    ['https://a.example', { HTTP_PROXY: 'http://plain:1' }, 'plain:1'],
    ['http://a.example', { HTTPS_PROXY: 'http://secure:2' }, undefined],
    ['https://a.example', { ...both, https_proxy: 'http://small:3' }, 'small:3'],
    ['https://a.example', { ...both, https_proxy: '' }, 'plain:1'],
    ['https://a.example', { HTTPS_PROXY: 'proxy.corp:3128' }, 'proxy.corp:3128'],
    ['https://a.example', { HTTPS_PROXY: 'proxy.corp' }, 'proxy.corp:80'],
    ['https://a.example', { HTTPS_PROXY: 'https://proxy.corp' }, 'proxy.corp:443'],
    ['https://a.example', { HTTPS_PROXY: 'http://u:p@[::1]:3128/' }, '[::1]:3128'],
    ['https://a.example', { ALL_PROXY: 'http://proxy:1' }, undefined],
  ])('%s with %j is %s', (url, env, place) => {
    expect(placeOf(url, env)).toBe(place);
  });

  it.each<[string, string, boolean]>([
    ['https://a.example', '*', true],
    ['https://a.example', 'b.example, a.example', true],
    ['https://a.example', 'b.example a.example', true],
    ['https://A.example', 'a.EXAMPLE', true],
    ['https://deep.a.example', 'a.example', true],
    ['https://deep.a.example', '.a.example', true],
    ['https://deep.a.example', '*.a.example', true],
    ['https://not-a.example', 'a.example', false],
    ['https://a.example.evil', 'a.example', false],
    ['https://a.example', 'a.example:443', true],
    ['https://a.example:8443', 'a.example:443', false],
    ['http://a.example', 'a.example:80', true],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://11.1.2.3', '10.0.0.0/8', false],
    ['https://a.example', '10.0.0.0/8', false],
    ['https://10.1.2.3', '10.0.0.0/99', false],
    ['https://[fd00::7]', 'fd00::/8', true],
    ['https://[::1]', '::1', true],
    ['https://[::1]:8443', '[::1]:8443', true],
    ['https://127.0.0.1', '', false],
    ['https://localhost', ' , ', false],
  ])('%s is exempt by NO_PROXY=%s: %s', (url, NO_PROXY, exempt) => {
    const env = { HTTPS_PROXY: 'http://proxy:1', HTTP_PROXY: 'http://proxy:1', NO_PROXY };
    expect(placeOf(url, env) === undefined).toBe(exempt);
  });

  it('has the user and the password of its variable, decoded, and no place for them in messages', () => {
    const proxy = findProxy(new URL('https://a.example'), { https_proxy: 'http://us%40er:p%3Aw@proxy:1' });
    expect(proxy).toMatchObject({ place: 'proxy:1', variable: 'https_proxy', host: 'proxy', port: 1 });
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('us@er:p:w').toString('base64')}`);
    const nameless = findProxy(new URL('https://a.example'), { https_proxy: 'http://token@proxy:1' });
    expect(nameless?.authorization).toBe(`Basic ${Buffer.from('token:').toString('base64')}`);
  });
});
