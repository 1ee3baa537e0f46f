import { describe, expect, it } from 'vitest';
import { ask, submit } from '../../support/ask.js';
import { stateOf, targetState } from '../../support/fake-daemon.js';
import { change, planOf } from '../../support/report-samples.js';
import { type Started, serve, UI_TOKEN } from '../../support/watch-page.js';
import { hostileState } from '../../support/watch-samples.js';

const LONG = 'x'.repeat(10_000);
const addresses = Array.from({ length: 250 }, (_, i) => `big/LLM/${String(i).padStart(3, '0')}`);
const plan = planOf(
  addresses.map((address) =>
    change(address, 'create', {
      fields: [{ path: '/prompt', after: LONG, cause: 'manifest' }],
      requests: [{ method: 'POST', path: '/v1/llms', body: { prompt: `${LONG}${address}` } }],
    }),
  ),
);
const big = () => serve(stateOf([targetState('big', { status: 'drifted', plan })]), { uiToken: UI_TOKEN });

async function signedIn({ url }: Started): Promise<Record<string, string>> {
  const { headers } = await submit(`${url}/sign-in`, { token: UI_TOKEN });
  return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

/** The links of the page that lead on, as they are written. */
function next(body: string): string | undefined {
  return /href="([^"]+)">Next page</.exec(body)?.[1]?.replaceAll('&#38;', '&');
}

describe('the whole plan', () => {
  it('shows every object and every request in full, and allows approval only at its end', async () => {
    const started = await big();
    const headers = await signedIn(started);
    const home = (await ask(started.url, { headers })).body;
    expect(home).not.toContain('name="fingerprint"');
    expect(home).toContain('all of it, 250 objects');
    const seen: string[] = [];
    const offers: boolean[] = [];
    for (let at: string | undefined = '/plan?part=t-big'; at !== undefined; ) {
      const { body } = await ask(started.url + at, { headers });
      seen.push(body);
      offers.push(body.includes(`name="fingerprint" value="${plan.fingerprint}"`));
      at = next(body);
    }
    expect(offers).toEqual([false, false, true]);
    for (const address of addresses) expect(seen.join('')).toContain(`${LONG}${address}`);
  });

  it.each([
    [
      'findings have no room',
      Array.from({ length: 60 }, (_, i) => ({ summary: `finding-${i}.` })),
      /finding-59\./,
    ],
    ['a finding is long', [{ summary: 'odd', detail: `${'x'.repeat(3000)} and the rest` }], /and the rest/],
  ])('is where a plan is approved of which %s on the page', async (_, some, last) => {
    const diagnostics = some.map((one) => ({ severity: 'warning', code: 'vendor', ...one }) as const);
    const small = planOf([change('big/LLM/a', 'create')], { diagnostics });
    const found = targetState('big', { status: 'drifted', plan: small, diagnostics });
    const started = await serve(stateOf([found]), { uiToken: UI_TOKEN });
    const headers = await signedIn(started);
    const home = (await ask(started.url, { headers })).body;
    expect(home).not.toMatch(last);
    expect(home).not.toContain('name="fingerprint"');
    const whole = (await ask(`${started.url}/plan?part=t-big`, { headers })).body;
    expect(whole).toMatch(last);
    expect(whole).toContain('name="fingerprint"');
    // Findings of a later run that had no plan are none of this one.
    started.daemon.changeTarget('big', { diagnostics: [] });
    expect((await ask(started.url, { headers })).body).not.toContain('name="fingerprint"');
  });

  it('only shows to a reader', async () => {
    const { url } = await big();
    const { body } = await ask(`${url}/plan?part=t-big&page=3`);
    expect(body).toContain('big/LLM/249');
    expect(body).not.toMatch(/<form|<button/);
  });

  it('starts again once the plan is another one', async () => {
    const { url, daemon } = await big();
    const second = next((await ask(`${url}/plan?part=t-big`)).body) ?? '';
    daemon.changeTarget('big', { plan: { ...plan, fingerprint: 'sha256:newer' } });
    const { status, body } = await ask(url + second);
    expect(status).toBe(409);
    expect(body).toContain('has changed');
    expect(body).not.toContain('big/LLM/1');
  });

  it.each(['', '?part=t-gone', '?part=t-none'])('is not there for %j', async (query) => {
    const { url } = await serve(stateOf([targetState('none')]));
    expect((await ask(`${url}/plan${query}`)).status).toBe(404);
  });

  it.each(['0', '-1', '99', 'x', '1e9', ''])('has a page for %j', async (page) => {
    const { url } = await big();
    const { status, body } = await ask(`${url}/plan?part=t-big&page=${page}`);
    expect(status).toBe(200);
    expect(body).toContain(page === '99' ? 'Page 3 of 3' : 'Page 1 of 3');
  });

  it('shows what an enemy wrote as text', async () => {
    const { url, daemon } = await serve(hostileState());
    const [, part = ''] = /id="(t-evil[^"]*)-name"/.exec((await ask(url)).body) ?? [];
    const { status, body } = await ask(`${url}/plan?part=${encodeURIComponent(part)}`);
    expect(status).toBe(200);
    expect(body).not.toMatch(/<script|<img|<style/);
    expect(daemon.asked).toEqual([]);
  });
});
