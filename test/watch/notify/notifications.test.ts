import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../../src/model/diagnostic.js';
import type { Clock } from '../../../src/model/ports.js';
import type { WatchNotify } from '../../../src/model/project.js';
import type { PostLimits } from '../../../src/platform/http/post-json.js';
import type { Notice } from '../../../src/watch/notify/notices.js';
import { createNotifications } from '../../../src/watch/notify/notifications.js';
import { ended } from '../../support/ended-runs.js';
import { serve } from '../../support/loopback.js';
import { later } from '../../support/project.js';
import { until } from '../../support/until.js';

const ALL: WatchNotify['on'] = ['drift', 'failure', 'recovery'];
/** Pauses between tries are nothing to wait for. */
const clock: Clock = { now: () => 0, sleep: async () => undefined };

describe('notifications', () => {
  it('go to a webhook as one signed message for all that comes together', async () => {
    const { server, notifier } = await listening((url) => [
      { type: 'webhook', url, secret: { fromEnv: 'KEY' }, on: ALL },
    ]);
    for (const name of ['a', 'b', 'c']) notifier.onRun?.(...ended('drift', { name }));
    await until(() => server.requests.length > 0);
    await notifier.close();
    expect(server.requests).toHaveLength(1);
    const { body = '', headers = {} as Record<string, string>, method } = server.requests[0] ?? {};
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/json');
    const hmac = createHmac('sha256', 'value of KEY').update(body).digest('hex');
    expect(headers['x-llmform-signature-256']).toBe(`sha256=${hmac}`);
    expect(JSON.parse(body)).toMatchObject({
      formatVersion: '1',
      ts: expect.stringMatching(/^20.*Z$/),
      project: 'shop',
      notices: [{ target: 'a', kind: 'drift', counts: { update: 1 } }, { target: 'b' }, { target: 'c' }],
    });
  });

  it('go to Slack, whose address is a secret', async () => {
    const { server, notifier } = await listening((url) => [
      { type: 'slack', url: { fromEnv: url }, on: ALL },
    ]);
    notifier.onRun?.(...ended('terminal', { code: 'credential' }));
    await notifier.close();
    expect(JSON.parse(server.requests[0]?.body ?? '').text).toBe('llmform, shop: anam fails (credential)');
    expect(server.requests[0]?.headers['x-llmform-signature-256']).toBeUndefined();
  });

  it('go to those who asked for them, and recovery to those who know of what', async () => {
    const { server, notifier } = await listening((url) => [
      { type: 'webhook', url: `${url}/drift`, on: ['drift', 'recovery'] },
      { type: 'webhook', url: `${url}/failure`, on: ['failure', 'recovery'] },
      { type: 'webhook', url: `${url}/recovery`, on: ['recovery'] },
    ]);
    notifier.onRun?.(...ended('error'));
    await until(() => server.requests.length === 1);
    notifier.onRun?.(...ended('no_change'));
    await notifier.close();
    expect(server.requests.map(({ url }) => url).sort()).toEqual(['/failure', '/failure', '/recovery']);
  });

  it('outlast a server that is gone for a while, and arrive in order', async () => {
    let n = 0;
    const bodies: string[][] = [];
    const { server, notifier, failures } = await listening(
      (url) => [{ type: 'webhook', url, on: ALL }],
      (_, response) => {
        n += 1;
        response.writeHead(n < 6 ? 503 : 204).end();
      },
      {},
    );
    notifier.onRun?.(...ended('drift'));
    await until(() => server.requests.length > 0);
    // All of it while the first message is still being tried.
    notifier.onRun?.(...ended('error'));
    notifier.onRun?.(...ended('error', { name: 'other' }));
    notifier.onRun?.(...ended('no_change'));
    await notifier.close();
    for (const { body } of server.requests.slice(5))
      bodies.push(JSON.parse(body).notices.map((one: Notice) => `${one.target} ${one.kind}`));
    expect(bodies).toEqual([['anam drift'], ['anam failure', 'other failure', 'anam recovery']]);
    expect(failures).toEqual([]);
  });

  it.each([
    ['is busy', [503, 429, 200], 3, undefined],
    ['fails for good', [500], 3, 'the server answered 500'],
    ['refuses', [403], 1, 'the server answered 403'],
    ['sends elsewhere', [302], 1, 'the server answered 302'],
  ])('meet a server that %s', async (_, statuses, sent, reason) => {
    let n = 0;
    const { server, notifier, failures } = await listening(
      (url) => [{ type: 'webhook', url: `${url}/s3cret-path`, on: ALL }],
      (_request, response) => {
        response
          .writeHead(statuses[Math.min(n, statuses.length - 1)] ?? 200, { location: '/elsewhere' })
          .end();
        n += 1;
      },
    );
    notifier.onRun?.(...ended('drift'));
    await notifier.close();
    expect(server.requests).toHaveLength(sent);
    expect(failures).toEqual(
      reason === undefined ? [] : [`watch.notify[0] (webhook) was not told: ${reason}`],
    );
  });

  it('meet a server that never answers, or is not there', async () => {
    const { server, notifier, failures } = await listening(
      (url) => [
        { type: 'webhook', url, on: ALL },
        { type: 'webhook', url: 'http://127.0.0.1:9', on: ALL },
      ],
      () => undefined,
    );
    notifier.onRun?.(...ended('drift'));
    await notifier.close();
    expect(server.requests.length).toBe(3);
    expect(failures.sort()).toEqual([
      'watch.notify[0] (webhook) was not told: the server did not answer in time',
      expect.stringContaining('watch.notify[1] (webhook) was not told: the connection failed'),
    ]);
  });

  it('do not go where a secret leads without TLS, and a secret that is missing is told', async () => {
    const { server, notifier, failures } = await listening(() => [
      { type: 'slack', url: { fromEnv: 'http://hooks.test/s3cret' }, on: ALL },
      { type: 'slack', url: { fromFile: 'missing' }, on: ALL },
    ]);
    notifier.onRun?.(...ended('drift'));
    await notifier.close();
    expect(server.requests).toEqual([]);
    expect(failures.join('\n')).not.toContain('s3cret');
    expect(failures).toEqual([
      'watch.notify[0] (slack) was not told: its address is not an https URL',
      'watch.notify[1] (slack) was not told: there is no such file',
    ]);
  });
});

async function listening(
  notify: (url: string) => WatchNotify[],
  listener: RequestListener = (_, response) => response.end('ok'),
  limits: PostLimits = { tries: 3 },
) {
  const server = await serve(listener);
  later(() => server.close());
  const failures: string[] = [];
  const notifier = createNotifications({
    recipients: () => ({ project: 'shop', notify: notify(server.url) }),
    resolve: async (reference) => {
      if (!('fromEnv' in reference))
        throw new DiagnosticError({ severity: 'error', code: 'secret', summary: 'there is no such file' });
      return reference.fromEnv.startsWith('http') ? reference.fromEnv : `value of ${reference.fromEnv}`;
    },
    onFailure: (message) => failures.push(message),
    gatherMs: 20,
    limits: { timeoutMs: 150, clock, ...limits },
  });
  return { server, notifier, failures };
}
