import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask } from '../../support/ask.js';
import { stateOf, targetState } from '../../support/fake-daemon.js';
import { HOOK_SECRET, serve, UI_TOKEN } from '../../support/watch-page.js';
import { busyState } from '../../support/watch-samples.js';

const sign = (body: string | Buffer, secret = HOOK_SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('every answer', () => {
  it.each([
    '/',
    '/parts?id=overview',
    '/healthz',
    '/readyz',
    '/metrics',
    '/app.js',
    '/style.css',
    '/icon.svg',
    '/nowhere',
  ])('at %s keeps the browser from doing more with it', async (path) => {
    const { url } = await serve(busyState());
    const { headers } = await ask(url + path);
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is a no in the words of HTTP where there is nothing to see', async () => {
    const { url, daemon } = await serve(busyState());
    const status = async (method: string, path: string) => (await ask(url + path, { method })).status;
    expect(await status('GET', '/nowhere')).toBe(404);
    expect(await status('GET', '/__proto__')).toBe(404);
    expect(await status('GET', '//evil.example/')).toBe(404);
    expect(await status('DELETE', '/')).toBe(405);
    expect(await ask(`${url}/`, { body: '' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    for (const path of ['/hook', '/sign-in', '/sign-out', '/sync', '/target/approve', '/target/suspend']) {
      expect([path, await status('POST', path)]).toEqual([path, 404]);
    }
    expect(daemon.asked).toEqual([]);
  });

  it('tells readers nothing of why something failed', async () => {
    const { url, daemon, errors } = await serve(busyState());
    daemon.state = () => {
      throw new Error('ENOENT /home/me/.secrets');
    };
    const answer = await ask(url);
    expect(answer).toMatchObject({ status: 500, body: 'Internal error\n' });
    expect(JSON.stringify(answer)).not.toMatch(/secrets|at /);
    expect(String(errors)).toContain('ENOENT');
  });

  it('goes only to who asked for this machine by its name', async () => {
    const { url } = await serve(busyState());
    expect((await ask(url, { headers: { host: 'rebound.example' } })).status).toBe(421);
    const other = await serve(busyState(), { allowHosts: ['watch.example'] });
    expect((await ask(other.url, { headers: { host: 'watch.example' } })).status).toBe(200);
  });
});

describe('the probes', () => {
  it('say whether it lives', async () => {
    const { url, daemon } = await serve(busyState());
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, body: 'ok\n' });
    daemon.alive = false;
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 503, body: 'stuck\n' });
  });

  it('say whether it is ready, and what is missing', async () => {
    const { url, daemon } = await serve(busyState());
    expect(JSON.parse((await ask(`${url}/readyz`)).body)).toEqual({ ready: true, reasons: [] });
    daemon.isReady = false;
    const answer = await ask(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({
      ready: false,
      reasons: [
        'llmFormat must be one of openai, anthropic, gemini',
        'target anam-staging was not tried yet',
      ],
    });
    daemon.change(stateOf([]));
    expect(JSON.parse((await ask(`${url}/readyz`)).body).reasons).toEqual(['the project was not read yet']);
  });
});

describe('the metrics', () => {
  it('are of this moment', async () => {
    const { url, daemon } = await serve(stateOf([targetState('prod')], { queueDepth: 1 }));
    expect((await ask(`${url}/metrics`)).body).toContain('llmform_workqueue_depth 1\n');
    daemon.change({ queueDepth: 2, targets: [] });
    const { body, headers } = await ask(`${url}/metrics`);
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(body).toContain('llmform_workqueue_depth 2\n');
    expect(body).not.toContain('target="prod"');
  });
});

describe('the webhook', () => {
  const body = JSON.stringify({ ref: 'refs/heads/main' });

  it('passes on a hint that is signed with the secret', async () => {
    const { url, daemon } = await serve(busyState(), { hookSecret: HOOK_SECRET });
    for (const [event, sent] of [
      ['ping', '{"zen":"…"}'],
      ['push', body],
      ['push', ''],
    ] as const) {
      const headers = { 'x-hub-signature-256': sign(sent), 'x-github-event': event };
      expect((await ask(`${url}/hook`, { body: sent, headers })).status).toBe(202);
    }
    expect(daemon.asked).toEqual(['sync webhook', 'sync webhook', 'sync webhook']);
  });

  const good = sign(body);
  it.each<[string, Record<string, string>]>([
    ['missing', {}],
    ['empty', { 'x-hub-signature-256': '' }],
    ['of another secret', { 'x-hub-signature-256': sign(body, 'guess') }],
    ['of another body', { 'x-hub-signature-256': sign(`${body} `) }],
    ['too short', { 'x-hub-signature-256': good.slice(0, -2) }],
    ['too long', { 'x-hub-signature-256': `${good}00` }],
    ['without its name', { 'x-hub-signature-256': good.slice('sha256='.length) }],
    ['no hex', { 'x-hub-signature-256': `sha256=${'zz'.repeat(32)}` }],
    ['said twice', { 'x-hub-signature-256': `${good}, ${good}` }],
    ['of the older kind', { 'x-hub-signature': good }],
  ])('does nothing for a signature that is %s', async (_, headers) => {
    const { url, daemon } = await serve(busyState(), { hookSecret: HOOK_SECRET });
    expect((await ask(`${url}/hook`, { body, headers })).status).toBe(401);
    expect(daemon.asked).toEqual([]);
  });

  it('refuses what is too large, signed or not', async () => {
    const { url, daemon } = await serve(busyState(), { hookSecret: HOOK_SECRET });
    const large = Buffer.alloc(1024 * 1024 + 1, 'x');
    const headers = { 'x-hub-signature-256': sign(large) };
    expect((await ask(`${url}/hook`, { body: large, headers })).status).toBe(413);
    expect(daemon.asked).toEqual([]);
  });
});

describe('secrets that are none', () => {
  it.each([
    ['a short UI token', { uiToken: 'short' }, 'at least|too short'],
    ['an empty UI token', { uiToken: '' }, 'too short'],
    ['an empty webhook secret', { hookSecret: '' }, 'is empty'],
  ])('%s is refused', async (_, settings, words) => {
    await expect(serve(busyState(), settings)).rejects.toThrow(new RegExp(words));
  });

  it('do not turn up in any answer', async () => {
    const { url } = await serve(busyState(), { uiToken: UI_TOKEN, hookSecret: HOOK_SECRET });
    for (const path of ['/', '/sign-in', '/metrics', '/readyz', '/app.js', '/parts?id=overview']) {
      const answer = JSON.stringify(await ask(url + path));
      expect(answer).not.toContain(UI_TOKEN);
      expect(answer).not.toContain(HOOK_SECRET);
    }
  });
});
