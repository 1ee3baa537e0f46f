import { describe, expect, it } from 'vitest';
import { ask } from '../../support/ask.js';
import { stateOf, targetState } from '../../support/fake-daemon.js';
import { isElement, nodesOf } from '../../support/rendered.js';
import { change, planOf } from '../../support/report-samples.js';
import { serve, UI_TOKEN } from '../../support/watch-page.js';
import { busyState, hostileState } from '../../support/watch-samples.js';

/** Every element of a page, as a browser would build it. */
function elementsOf(page: string): { tag: string; attrs: Map<string, string> }[] {
  return nodesOf(page)
    .map(({ node }) => node)
    .filter(isElement)
    .map(({ tagName, attrs }) => ({ tag: tagName, attrs: new Map(attrs.map((a) => [a.name, a.value])) }));
}

describe('the page', () => {
  it('shows the state, the plan and the runs of every target', async () => {
    const { url } = await serve(busyState());
    const { body, headers } = await ask(url);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    for (const words of [
      '2 of 5 targets need attention',
      'Drifted',
      'Failing',
      'In sync',
      'Suspended',
      'Waiting',
      'mode is observe: nothing is written',
      'The newest version cannot be used; the last good one stays active',
      '503 from GET /v1/llm-configurations',
      'anam-prod/LLM/legacy',
      'patient, cheerful',
      'Running now',
      'suspended by command',
      '<time datetime="2026-05-20T11:58:00Z">2026-05-20 11:58 UTC</time>',
      '2026-05-20 11:58 UTC: drift left, interval',
      '<code title="4f1e2d3c4b5a69788796a5b4c3d2e1f001234567">4f1e2d3c</code>',
    ]) {
      expect(body).toContain(words);
    }
    // Nothing from elsewhere, and nothing that the policy would have to stop.
    const all = elementsOf(body);
    const addresses = all.flatMap(({ attrs }) => [attrs.get('src'), attrs.get('href'), attrs.get('action')]);
    expect(addresses.filter((a) => a !== undefined && !/^[/#](?!\/)/.test(a))).toEqual([]);
    expect(all.filter(({ attrs }) => attrs.has('style'))).toEqual([]);
    expect(all.filter(({ tag }) => tag === 'form' || tag === 'button')).toEqual([]);
  });

  it('has words for having nothing to show', async () => {
    const { url, daemon } = await serve(stateOf([]));
    expect((await ask(url)).body).toContain('No targets yet.');
    daemon.change({ targets: [targetState('new', { status: 'pending' })] });
    expect((await ask(url)).body).toContain('No runs yet.');
  });

  it.each([
    ['to a reader', {}],
    ['to whoever may act', { uiToken: UI_TOKEN }],
  ])('%s shows what an enemy wrote as text', async (_, settings) => {
    const { url } = await serve(hostileState(), settings);
    let headers = {};
    if ('uiToken' in settings) {
      const { headers: given } = await ask(`${url}/sign-in`, {
        body: new URLSearchParams({ token: UI_TOKEN }).toString(),
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      headers = { cookie: given['set-cookie']?.[0]?.split(';')[0] ?? '' };
    }
    const { body } = await ask(url, { headers });
    if ('uiToken' in settings) expect(body).toContain('Approve this plan');
    const all = elementsOf(body);
    expect(all.filter(({ tag }) => tag === 'script').map(({ attrs }) => attrs.get('src'))).toEqual([
      '/app.js',
    ]);
    expect(all.filter(({ tag }) => ['img', 'style', 'iframe', 'base'].includes(tag))).toEqual([]);
    expect(all.flatMap(({ attrs }) => [...attrs.keys()]).filter((name) => name.startsWith('on'))).toEqual([]);
    expect(
      all
        .filter(({ tag }) => tag === 'section')
        .map(({ attrs }) => attrs.get('id'))
        .filter(Boolean),
    ).toHaveLength(3);
    expect(all.filter(({ tag, attrs }) => attrs.has('autofocus') && tag !== 'input')).toEqual([]);
    expect(body).not.toContain('\u202e');
    expect(body).toContain('\\u202e');
    expect(body).toContain('loaded unknown');
  });

  it('stays within reason, whatever the size of the plan, and keeps what is dangerous', async () => {
    const fields = [
      { path: '/prompt', before: 'a '.repeat(50), after: 'b '.repeat(50), cause: 'drift' as const },
    ];
    const names = Array.from({ length: 5000 }, (_, i) => `big/LLM/${String(i).padStart(4, '0')}`);
    const plan = planOf([
      ...names.map((address) => change(address, 'update', { fields })),
      change('big/LLM/zz-last', 'delete'),
    ]);
    const { url } = await serve(stateOf([targetState('big', { status: 'drifted', plan })]));
    const { body } = await ask(url);
    expect(body).toContain('big/LLM/zz-last');
    expect(body).toContain('And 4901 objects more. <a href="/plan?part=t-big">');
    expect(body.length).toBeLessThan(1_000_000);
  });

  it('is painted while other work goes on', async () => {
    // Texts that differ in every word are the slowest to compare.
    const fields = [
      { path: '/prompt', before: 'a '.repeat(2000), after: 'b '.repeat(2000), cause: 'drift' as const },
    ];
    const addresses = Array.from({ length: 8 }, (_, i) => `big/LLM/${i}`);
    const plan = planOf(addresses.map((address) => change(address, 'update', { fields })));
    const { url } = await serve(stateOf([targetState('big', { status: 'drifted', plan })]));
    const order: string[] = [];
    const page = ask(url).then(() => order.push('page'));
    await ask(`${url}/healthz`).then(() => order.push('healthz'));
    await page;
    expect(order).toEqual(['healthz', 'page']);
  });

  it('gives its parts one by one, as they are in the page', async () => {
    const { url } = await serve(busyState());
    const page = (await ask(url)).body;
    const { body } = await ask(`${url}/parts?id=t-memory&id=overview&id=gone&id=t-memory`);
    expect(elementsOf(body).filter(({ attrs }) => attrs.has('data-version'))).toHaveLength(2);
    for (const part of body.split(/(?=<section data-version)/)) expect(page).toContain(part);
    expect((await ask(`${url}/parts`)).body).toBe('');
  });
});
