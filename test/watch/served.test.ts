import { createHmac } from 'node:crypto';
import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ask, submit } from '../support/ask.js';
import { parseExposition } from '../support/exposition.js';
import { leaksIn } from '../support/leaks.js';
import { serve } from '../support/loopback.js';
import {
  anamLlms,
  anamProject,
  emulate,
  KEYS,
  later,
  type Project,
  projectFile,
  writesTo,
} from '../support/project.js';
import { described } from '../support/pull-request.js';
import { follow, type Watching } from '../support/watching.js';

const TOKEN = 'a-token-of-the-page-1234';
const HOOK_SECRET = 'what-the-forge-signs-with';
const WATCH = 'watch: { webhookSecret: { fromEnv: HOOK_SECRET }, uiToken: { fromEnv: UI_TOKEN } }\n';

interface Served extends Watching {
  url: string;
}

/** The daemon with its page on a free port. */
async function served(project: Project, ...args: string[]): Promise<Served> {
  const daemon = follow(project.start('watch', '--listen', '127.0.0.1:0', ...args));
  const opened = () => daemon.lines().find(({ msg }) => msg === 'the page is open');
  await daemon.until(opened);
  return { ...daemon, url: String((opened() as { url?: string } | undefined)?.url) };
}

async function open(names: string[]) {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms(...names), WATCH);
  Object.assign(project.env, { HOOK_SECRET, UI_TOKEN: TOKEN });
  return { anam, project };
}

function signed(body: string, secret = HOOK_SECRET): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

describe('a watch that is served', () => {
  it('takes its tokens without the line end that they were pasted with, and warns of other white space', async () => {
    const { project } = await open(['a']);
    Object.assign(project.env, { HOOK_SECRET: `${HOOK_SECRET}\n`, UI_TOKEN: `${TOKEN} ` });
    const daemon = await served(project, '--interval', '1h');
    const body = '{"ref":"refs/heads/main"}';
    expect((await ask(`${daemon.url}/hook`, { body, headers: signed(body) })).status).toBe(202);
    const warnings = daemon.lines().filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'the environment variable UI_TOKEN gives a secret that ends with white space',
    ]);
    expect(daemon.text()).not.toContain(TOKEN);
  });

  it('runs on a signed webhook, and on no other', async () => {
    const { project } = await open(['a']);
    const daemon = await served(project, '--interval', '1h');
    await daemon.runsMore(1);
    const body = '{"ref":"refs/heads/main"}';
    for (const headers of [
      {},
      signed(body, 'guessed'),
      signed(`${body} `),
      { 'x-hub-signature-256': 'sha256=00' },
    ]) {
      expect((await ask(`${daemon.url}/hook`, { body, headers })).status).toBe(401);
    }
    expect((await ask(`${daemon.url}/hook`, { body, headers: signed(body) })).status).toBe(202);
    await daemon.until(() => daemon.runs().length >= 2);
    expect(daemon.runs().map(({ trigger }) => trigger)).toEqual(['start', 'webhook']);
    expect(await daemon.end()).toBe(0);
  });

  it('has the approval of a plan that the page shortens only where all of it is', async () => {
    const anam = await emulate('anam');
    const words = Array.from({ length: 2000 }, (_, i) => `word${i}`);
    const manifest = described('a', words.join('\n'));
    const project = await anamProject(anam.url, { 'llms/a.yaml': manifest }, WATCH);
    Object.assign(project.env, { HOOK_SECRET, UI_TOKEN: TOKEN });
    const daemon = await served(project, '--interval', '1h');
    await daemon.runsMore(1);
    const { headers } = await submit(`${daemon.url}/sign-in`, { token: TOKEN });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const home = (await ask(daemon.url, { headers: { cookie } })).body;
    expect(home).toContain('Not all of this plan is shown here.');
    expect(home).not.toContain('name="fingerprint"');
    const [, way = ''] = /To approve it, go through <a href="([^"]+)"/.exec(home) ?? [];
    const whole = (await ask(daemon.url + way.replaceAll('&#38;', '&'), { headers: { cookie } })).body;
    const [field = '', request = ''] = whole.split('<details class="requests"');
    for (const part of [field, request]) {
      const shown = new Set(part.replaceAll('\\n', ' ').match(/\w+/g));
      expect(words.filter((word) => !shown.has(word))).toEqual([]);
    }
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(whole) ?? [];
    const [, fingerprint = ''] = /name="fingerprint" value="(sha256:[0-9a-f]{64})"/.exec(whole) ?? [];
    const { status } = await submit(
      `${daemon.url}/target/approve?part=t-anam`,
      { csrf, fingerprint },
      { cookie },
    );
    expect(status).toBe(303);
    await daemon.until(() => anam.objects('LLM').length === 1);
    expect(await daemon.end()).toBe(0);
  });

  it('carries out the plan that was approved on its page', async () => {
    const { anam, project } = await open(['a']);
    const daemon = await served(project, '--interval', '1h');
    await daemon.runsMore(1);
    const { headers } = await submit(`${daemon.url}/sign-in`, { token: TOKEN });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const page = (await ask(daemon.url, { headers: { cookie } })).body;
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page) ?? [];
    const [, fingerprint = ''] = /(sha256:[0-9a-f]{64})/.exec(page) ?? [];
    const approve = (hash: string) =>
      submit(`${daemon.url}/target/approve?part=t-anam`, { csrf, fingerprint: hash }, { cookie });
    expect((await approve(`sha256:${'0'.repeat(64)}`)).status).toBe(409);
    expect(writesTo(anam)).toEqual([]);
    expect((await approve(fingerprint)).status).toBe(303);
    await daemon.until(() => daemon.runs().some(({ result }) => result === 'success'));
    expect(writesTo(anam)).toEqual(['POST /v1/llms']);
    expect((await ask(daemon.url)).body).toContain('In sync');
    expect((await submit(`${daemon.url}/target/suspend?part=t-anam`, { csrf }, { cookie })).status).toBe(303);
    expect((await ask(`${daemon.url}/metrics`)).body).toContain('llmform_target_suspended{target="anam"} 1');
    await daemon.end();
  });

  it('answers fifty readers at once while it reconciles, and shows no secret', async () => {
    const { anam, project } = await open(Array.from({ length: 20 }, (_, i) => `llm-${i}`));
    const daemon = await served(project, '--mode', 'heal', '--interval', '150ms');
    await daemon.until(() => daemon.runs().some(({ result }) => result === 'success'));
    const streams = await Promise.all(Array.from({ length: 50 }, () => stream(`${daemon.url}/events`)));
    const seen = new Map<string, string>();
    let round = 0;
    while (round < 10) {
      // Somebody keeps drifting away while everybody looks.
      const object = anam.objects('LLM')[round];
      anam.put('LLM', { id: String(object?.id), modelName: `drifted-${round}` });
      const paths = ['/', '/metrics', '/readyz', '/healthz', '/parts?id=overview'];
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => ask(`${daemon.url}${paths[i % paths.length]}`)),
      );
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      for (const [i, { body }] of answers.entries()) seen.set(`${round}/${i}`, body);
      round += 1;
    }
    await daemon.until(() => anam.objects('LLM').every(({ modelName }) => modelName === 'gpt-4o'));
    const metrics = (await ask(`${daemon.url}/metrics`)).body;
    expect(parseExposition(metrics).length).toBeGreaterThan(50);
    expect(metrics).toMatch(/llmform_vendor_requests_total\{vendor="anam",method="PUT",code="200"\} \d\d/);
    expect(metrics).toMatch(/llmform_reconcile_total\{target="anam",vendor="anam",result="success"\} [1-9]/);
    for (const { text, end } of streams) {
      expect(text()).toContain('event: parts');
      end();
    }
    expect(leaksIn(seen, [...Object.values(KEYS), TOKEN, HOOK_SECRET])).toEqual([]);
    expect(await daemon.end()).toBe(0);
  });

  it('answers to the name under which people find it, and tells it to whom it notifies', async () => {
    const told = await serve((_, response) => response.writeHead(204).end());
    later(() => told.close());
    const anam = await emulate('anam');
    const settings = (more: string) =>
      `watch: { url: "https://llmform.test", notify: [{ type: webhook, url: "http://127.0.0.1:${told.port}/" }]${more} }\n`;
    const project = await anamProject(anam.url, anamLlms('a'), settings(''));
    const daemon = await served(project, '--interval', '1h');
    await daemon.runsMore(1);
    expect((await ask(daemon.url, { headers: { host: 'llmform.test' } })).status).toBe(200);
    expect((await ask(daemon.url, { headers: { host: 'other.test' } })).status).toBe(421);
    await project.write({
      'llmform.yaml': projectFile(anam.url, settings(', webhookSecret: { fromEnv: OPENAI }')),
    });
    await daemon.until(() => daemon.lines().some(({ msg }) => msg.includes('count from the next start on')));
    // What still waits to be told is told before it leaves.
    expect(await daemon.end()).toBe(0);
    expect(JSON.parse(told.requests[0]?.body ?? '')).toMatchObject({ page: 'https://llmform.test' });
  });

  it('says in words that the address is taken', async () => {
    const { project } = await open(['a']);
    const daemon = await served(project);
    const { host } = new URL(daemon.url);
    const second = await project.run('watch', '--listen', host);
    expect(second.code).toBe(1);
    expect(second.err).toContain('something else listens there');
    await daemon.end();
  });
});

function stream(url: string): Promise<{ text(): string; end(): void }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      resolve({ text: () => text, end: () => request.destroy() });
    });
    request.once('error', reject);
  });
}
