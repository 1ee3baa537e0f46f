import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/ask.js';
import { CHROMIUM_FLAGS, chromiumPath } from '../../support/chromium.js';
import { NOON, runsOf, targetState } from '../../support/fake-daemon.js';
import { change, planOf } from '../../support/report-samples.js';
import { serve, UI_TOKEN } from '../../support/watch-page.js';
import { busyState, hostileState, largeState, planFor } from '../../support/watch-samples.js';

const executablePath = chromiumPath ?? '';
const missing = executablePath === '';
if (missing) process.stderr.write('No Chromium here: the tests of the page in a browser are left out.\n');

let browser: Browser;
beforeAll(async () => {
  if (!missing) browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
});
afterAll(() => browser?.close());

/** What the browser complained of: nothing, in every test. */
const complaints: string[] = [];
afterEach(() => {
  expect(complaints.splice(0)).toEqual([]);
});

async function look(url: string, { width = 1200 } = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked for ${request.url()}`);
  });
  await page.clock.setFixedTime(NOON);
  await page.goto(url);
  return page;
}

const isLive = (page: Page) => page.waitForSelector('#live[data-state=on]');
/** As a browser tells a tab that it came to the front, or no longer is there. */
const see = (page: Page, visible: boolean) =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${!visible} });
    document.dispatchEvent(new Event('visibilitychange'))`);
const isOpen = (page: Page, selector: string) =>
  page.$eval(selector, (element) => (element as unknown as { open: boolean }).open);
const scrollsSideways = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe.skipIf(missing)('the page in a browser', () => {
  it('shows every target, says how long ago things were, and fits a phone', async () => {
    const { url } = await serve(busyState());
    const page = await look(url, { width: 390 });
    await isLive(page);
    expect(await page.title()).toBe('avatars · llmform watch');
    expect(await page.locator('section.target').count()).toBe(5);
    expect(await page.textContent('#t-anam-prod .when')).toContain('Last run 2 min. ago: drift left');
    expect(await page.textContent('#t-anam-prod .when')).toContain('Next run in 8 min.');
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    expect(await scrollsSideways(page)).toBe(false);
    await page.context().close();
  });

  it('takes over what changes: what is unfolded stays so, and the focus stays', async () => {
    const { url, daemon } = await serve(busyState());
    const page = await look(url);
    await isLive(page);
    const section = '#t-anam-prod';
    const object = `${section} [data-key="anam-prod/LLM/support"]`;
    await page.click(`${section} [data-key=plan] > summary`);
    await page.click(`${object} > summary`);
    await page.click(`${section} [data-key=runs] > summary`);
    await page.focus(`${object} > summary`);
    await page.evaluate(`document.querySelector('#t-memory').dataset.untouched = 'yes'`);

    daemon.changeTarget('anam-prod', { status: 'failing', running: true, held: ['a closed window'] });
    await page.waitForSelector(`${section}.failing`);
    expect(await page.textContent(section)).toContain('a closed window');
    expect(await isOpen(page, `${section} [data-key=plan]`)).toBe(true);
    expect(await isOpen(page, object)).toBe(true);
    expect(await isOpen(page, `${section} [data-key="anam-prod/LLM/legacy"]`)).toBe(false);
    expect(await isOpen(page, `${section} [data-key=runs]`)).toBe(true);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('anam-prod/LLM/support');
    expect(await page.textContent('#said')).toBe('anam-prod: failing');
    expect(await page.locator('#t-memory[data-untouched]').count()).toBe(1);

    // Targets come, go, and change places.
    const [first, second, third] = daemon.state().targets;
    if (!first || !second || !third) throw new Error('the sample has five targets');
    daemon.change({ targets: [third, targetState('brand-new'), first] });
    await page.waitForSelector('#t-brand-new');
    await until('the order is the new one', async () => {
      const ids = await page.$$eval('main > section', (parts) => parts.map((part) => part.id));
      return ids.join() === 'overview,t-memory,t-brand-new,t-anam-prod';
    });
    await page.context().close();
  });

  it('finds its way back after the server was gone', async () => {
    const first = await serve(busyState());
    const page = await look(first.url);
    await isLive(page);
    await first.close();
    await page.waitForSelector('#live[data-state=off]');
    complaints.length = 0;
    const { port } = new URL(first.url);
    const second = await serve(busyState(), { port: Number(port) });
    second.daemon.changeTarget('memory', { status: 'drifted' });
    await page.waitForSelector('#t-memory.drifted');
    await isLive(page);
    // That nobody answered meanwhile is what the browser complains of, and rightly so.
    expect(complaints.filter((text) => !text.includes('net::ERR_'))).toEqual([]);
    complaints.length = 0;
    await page.context().close();
  });

  it('gives its connection back while it is hidden, and catches up when it is shown', async () => {
    const { url, daemon } = await serve(busyState());
    const page = await look(url);
    await isLive(page);
    const gone = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
    await see(page, false);
    await gone;
    daemon.changeTarget('memory', { status: 'drifted' });
    await see(page, true);
    await page.waitForSelector('#t-memory.drifted');
    await page.context().close();
  });

  it('does not trust a connection that has fallen silent, and says how old it is', async () => {
    const { url } = await serve(busyState());
    const page = await look(url);
    await isLive(page);
    await page.route('**/events', (route) => route.abort());
    await page.clock.setFixedTime(NOON + 180_000);
    await see(page, true);
    await page.waitForSelector('#live[data-state=off]');
    expect(await page.textContent('#live')).toBe('Reconnecting, last heard 3 min. ago');
    complaints.length = 0;
    await page.unroute('**/events');
    // It would come back by itself, in a while.
    await see(page, false);
    await see(page, true);
    await isLive(page);
    complaints.length = 0;
    await page.context().close();
  });

  it('becomes the page of who has signed in or out in another tab', async () => {
    const { url, daemon } = await serve(busyState(), { uiToken: UI_TOKEN });
    const page = await look(url);
    await isLive(page);
    const other = await page.context().newPage();
    await other.goto(`${url}/sign-in`);
    await other.fill('#token', UI_TOKEN);
    await other.keyboard.press('Enter');
    await isLive(other);
    daemon.changeTarget('memory', { running: true });
    await page.waitForSelector('text=Sign out');
    await page.click('#t-memory >> text=Suspend');
    await until('it is asked for', () => daemon.asked.length === 1);
    await other.click('text=Sign out');
    await isLive(other);
    daemon.changeTarget('memory', { running: false });
    await page.waitForSelector('text=Sign in');
    expect(await page.locator('main button').count()).toBe(0);
    await page.context().close();
  });

  it('does nothing of what an enemy wrote', async () => {
    const { url, daemon } = await serve(hostileState());
    const page = await look(url, { width: 390 });
    await isLive(page);
    daemon.change({ queueDepth: 3 });
    for (const { name } of daemon.state().targets)
      daemon.changeTarget(name, { running: true, runs: runsOf('drift') });
    await until('both targets run', async () => (await page.locator('.busy').count()) === 2);
    expect(await page.title()).toContain('<script>');
    expect(await page.locator('main img, main script, main style').count()).toBe(0);
    expect(await page.locator('main > section').count()).toBe(3);
    expect(await scrollsSideways(page)).toBe(false);
    await page.context().close();
  });

  it('approves a plan by keyboard alone, and never one that was not shown', async () => {
    const { url, daemon } = await serve(busyState(), { uiToken: UI_TOKEN });
    const page = await look(url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the targets');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#token');
    await page.keyboard.type(UI_TOKEN);
    await page.keyboard.press('Enter');
    await isLive(page);

    const approve = '#t-anam-prod .approve';
    const { fingerprint } = planFor('anam-prod');
    await page.focus(`${approve} > summary`);
    await page.keyboard.press('Enter');
    expect(await isOpen(page, approve)).toBe(true);

    // A newer plan: its button is folded away again.
    const fields = [{ path: '/modelName', before: 'a', after: 'b', cause: 'drift' as const }];
    const newer = {
      ...planOf([change('anam-prod/LLM/x', 'update', { fields })]),
      fingerprint: 'sha256:newer',
    };
    daemon.changeTarget('anam-prod', { plan: newer });
    await page.waitForSelector(`${approve}[data-key="approve sha256:newer"]`);
    expect(await isOpen(page, approve)).toBe(false);
    daemon.changeTarget('anam-prod', { plan: planFor('anam-prod') });
    await page.waitForSelector(`${approve}[data-key="approve ${fingerprint}"]`);

    await page.focus(`${approve} > summary`);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve and apply to anam-prod');
    await page.keyboard.press('Enter');
    await until('it is asked for', () => daemon.asked.length === 1);
    expect(daemon.asked).toEqual([`approve anam-prod ${fingerprint}`]);
    await page.waitForURL(`${url}/#t-anam-prod`);

    await page.click('#t-memory >> text=Suspend');
    await until('it is asked for', () => daemon.asked.length === 2);
    await page.click('text=Sign out');
    await page.waitForSelector('text=Sign in');
    expect(await page.locator('main button').count()).toBe(0);
    await page.context().close();
  });

  it('is readable by contrast, in the light and in the dark', async () => {
    const state = busyState();
    const { url } = await serve({
      ...state,
      targets: [...state.targets, ...largeState().targets.slice(0, 2)],
    });
    const page = await look(url);
    await isLive(page);
    await page.evaluate(`for (const d of document.querySelectorAll('details')) d.open = true`);
    for (const colorScheme of ['light', 'dark'] as const) {
      // Without motion, colours change at once.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const state of ['on', 'off']) {
        await page.evaluate(`document.getElementById('live').dataset.state = '${state}'`);
        expect([colorScheme, state, await page.evaluate(POOR_CONTRAST)]).toEqual([colorScheme, state, []]);
      }
    }
    await page.context().close();
  });
});

/** Texts whose contrast to what is behind them is below 4.5, with the figure. Runs in the page. */
const POOR_CONTRAST = `(() => {
  const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const { rgb, a } = parse(getComputedStyle(e).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || element.closest('.visually-hidden, noscript, .skip')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color).rgb), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([element.className, element.textContent.slice(0, 40), Math.round(ratio * 100) / 100]);
  }
  return poor;
})()`;
