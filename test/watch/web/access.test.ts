import { describe, expect, it } from 'vitest';
import { createSessions } from '../../../src/watch/web/sessions.js';
import { ask, submit } from '../../support/ask.js';
import { targetState } from '../../support/fake-daemon.js';
import { planOf } from '../../support/report-samples.js';
import { type Started, serve, UI_TOKEN } from '../../support/watch-page.js';
import { busyState, planFor } from '../../support/watch-samples.js';

const FINGERPRINT = planOf([]).fingerprint;

/** Signs in, and reads the form's token off the page. */
async function signIn({ url }: Started): Promise<{ cookie: string; csrf: string }> {
  const { status, headers } = await submit(`${url}/sign-in`, { token: UI_TOKEN });
  expect(status).toBe(303);
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const { body } = await ask(url, { headers: { cookie } });
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(body) ?? [];
  expect(csrf).toHaveLength(43);
  return { cookie, csrf };
}

const start = () => serve(busyState(), { uiToken: UI_TOKEN });

describe('signing in', () => {
  it('takes the token, and gives a cookie that scripts and strangers cannot use', async () => {
    const { url } = await start();
    expect((await ask(url)).body).toContain('href="/sign-in"');
    expect((await ask(`${url}/sign-in`)).body).toContain('type="password"');
    const { status, headers } = await submit(`${url}/sign-in`, { token: UI_TOKEN });
    expect({ status, to: headers.location }).toEqual({ status: 303, to: '/' });
    expect(headers['set-cookie']?.[0]).toMatch(
      /^llmform_session_\d+=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const behind = { 'x-forwarded-proto': 'https' };
    expect((await submit(`${url}/sign-in`, { token: UI_TOKEN }, behind)).headers['set-cookie']?.[0]).toMatch(
      /; Secure$/,
    );
  });

  it('to one daemon does not end the session of another on the same machine', async () => {
    const [one, other] = [await start(), await start()];
    const [here, there] = [await signIn(one), await signIn(other)];
    const cookie = `${here.cookie}; ${there.cookie}`;
    for (const [{ url }, { csrf }] of [
      [one, here],
      [other, there],
    ] as const)
      expect((await submit(`${url}/sync`, { csrf }, { cookie })).status).toBe(303);
  });

  it('refuses everything else, and from the fifth time on for a while', async () => {
    const { url } = await start();
    const tokens = ['', UI_TOKEN.slice(1), `${UI_TOKEN} `, UI_TOKEN.toUpperCase(), 'x'.repeat(10_000)];
    for (const token of tokens) {
      const answer = await submit(`${url}/sign-in`, { token });
      expect([token.length, answer.status, answer.headers['set-cookie']]).toEqual([
        token.length,
        401,
        undefined,
      ]);
      expect(answer.body).toContain('That is not the token.');
    }
    const answer = await submit(`${url}/sign-in`, { token: UI_TOKEN });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is not for forms of other pages', async () => {
    const { url } = await start();
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await submit(`${url}/sign-in`, { token: UI_TOKEN }, headers)).status).toBe(403);
  });

  it('ends with signing out, and after twelve hours', async () => {
    const started = await start();
    const { cookie, csrf } = await signIn(started);
    const out = await submit(`${started.url}/sign-out`, { csrf }, { cookie });
    expect(out.status).toBe(303);
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await submit(`${started.url}/sync`, { csrf }, { cookie })).status).toBe(403);
    expect(started.daemon.asked).toEqual([]);

    let now = 0;
    const sessions = createSessions(UI_TOKEN, () => now);
    const opened = sessions.open(UI_TOKEN, 'here');
    const id = opened !== undefined && 'id' in opened ? opened.id : undefined;
    now = 12 * 3_600_000 - 1;
    expect(sessions.find(id)).toBeDefined();
    now += 1;
    expect(sessions.find(id)).toBeUndefined();
  });

  it('makes an address wait longer each time, and no other address', () => {
    let now = 0;
    const sessions = createSessions(UI_TOKEN, () => now);
    for (let i = 0; i < 5; i += 1) expect(sessions.open('no', 'there')).toBeUndefined();
    expect(sessions.open(UI_TOKEN, 'there')).toEqual({ waitSeconds: 2 });
    expect(sessions.open(UI_TOKEN, 'here')).toHaveProperty('id');
    now += 2_000;
    expect(sessions.open('no', 'there')).toBeUndefined();
    expect(sessions.open(UI_TOKEN, 'there')).toEqual({ waitSeconds: 4 });
    now += 4_000;
    expect(sessions.open(UI_TOKEN, 'there')).toHaveProperty('id');
    for (let i = 0; i < 4; i += 1) sessions.open('no', 'there');
    expect(sessions.open(UI_TOKEN, 'there')).toHaveProperty('id');
  });
});

describe('a signed-in viewer', () => {
  it('may start runs, suspend and resume', async () => {
    const started = await start();
    const { cookie, csrf } = await signIn(started);
    const act = (path: string) => submit(started.url + path, { csrf }, { cookie });
    expect(await act('/sync')).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(await act('/target/sync?part=t-memory')).toMatchObject({
      status: 303,
      headers: { location: '/#t-memory' },
    });
    await act('/target/suspend?part=t-memory');
    await act('/target/resume?part=t-flashback-test');
    expect((await act('/target/suspend?part=t-gone')).status).toBe(404);
    expect(started.daemon.asked).toEqual([
      'sync page',
      'sync page memory',
      'suspend memory',
      'resume flashback-test',
    ]);
  });

  it('approves exactly the plan that was shown', async () => {
    const started = await start();
    const { cookie, csrf } = await signIn(started);
    const { body } = await ask(started.url, { headers: { cookie } });
    expect(body).toContain(`name="fingerprint" value="${FINGERPRINT}">Approve and apply to anam-prod`);
    // An approval goes past the guards: whoever gives it has to know.
    expect(body).toContain('past the mode, the windows and the guards on deleting and updating');
    const approve = (fingerprint: string) =>
      submit(`${started.url}/target/approve?part=t-anam-prod`, { csrf, fingerprint }, { cookie });
    expect((await approve(FINGERPRINT)).status).toBe(303);
    const plan = { ...planFor('anam-prod'), fingerprint: 'sha256:new' };
    started.daemon.changeTarget('anam-prod', { plan });
    const late = await approve(FINGERPRINT);
    expect(late.status).toBe(409);
    expect(late.body).toContain('The plan has changed since the page showed it');
  });

  it('sees no way to approve or resume what is not theirs to', async () => {
    const started = await serve(busyState(), { uiToken: UI_TOKEN });
    started.daemon.change({
      targets: [
        targetState('calm', { plan: planOf([]) }),
        targetState('off', { status: 'suspended', suspendedBy: 'project', plan: planFor('anam-prod') }),
      ],
    });
    const { cookie } = await signIn(started);
    const { body } = await ask(started.url, { headers: { cookie } });
    expect(body).not.toMatch(/Approve|Resume/);
    expect(body).toContain('suspended in the project file');
  });

  it('needs both halves of the session', async () => {
    const started = await start();
    const { cookie, csrf } = await signIn(started);
    const other = await signIn(started);
    const origin = started.url;
    const cases: [string, Record<string, string>, Record<string, string>][] = [
      ['no session', { csrf }, {}],
      ['an invented session', { csrf }, { cookie: cookie.replace(/=.*/, '=invented') }],
      ['no form token', {}, { cookie }],
      ['the form token of another session', { csrf: other.csrf }, { cookie }],
      ['another site', { csrf }, { cookie, 'sec-fetch-site': 'cross-site' }],
      ['another port of this machine', { csrf }, { cookie, 'sec-fetch-site': 'same-site' }],
      ['typed in', { csrf }, { cookie, 'sec-fetch-site': 'none' }],
    ];
    for (const [what, fields, headers] of cases) {
      const answer = await submit(`${started.url}/target/approve?part=t-anam-prod`, fields, headers);
      expect([what, answer.status]).toEqual([what, 403]);
    }
    // Older browsers do not say where a form comes from but for its origin; what says nothing is no browser.
    const body = new URLSearchParams({ csrf }).toString();
    const post = (headers: Record<string, string>) =>
      ask(`${origin}/sync`, { body, headers: { cookie, ...headers } });
    expect((await post({})).status).toBe(403);
    for (const stranger of [
      'null',
      'http://evil.example',
      `${origin}.evil.example`,
      origin.replace(/\d$/, ''),
    ]) {
      expect((await post({ origin: stranger })).status).toBe(403);
    }
    expect(started.daemon.asked).toEqual([]);
    expect((await post({ origin })).status).toBe(303);
    expect(started.daemon.asked).toEqual(['sync page']);
  });
});
