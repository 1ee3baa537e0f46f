import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.js';
import { type ConnectProxy, connectProxy, type ProxySettings } from '../support/connect-proxy.js';
import { answering } from '../support/http-client.js';
import { serve } from '../support/loopback.js';
import { anamLlms, anamProject, emulate, later, namesAt, type Project } from '../support/project.js';
import { selfSigned } from '../support/self-signed.js';
import { testAuthority } from '../support/test-authority.js';

const VENDOR = 'https://vendor.example';
const USER = 'agent:p4ss/w%rd@corp';

interface Company {
  anam: Emulator;
  proxy: ConnectProxy;
  project: Project;
}

/** A vendor that only the proxy can find, with a certificate of a private authority. */
async function company(
  settings: ProxySettings = {},
  { target = '    caFile: ca.pem\n', base = VENDOR } = {},
): Promise<Company> {
  const anam = await emulate('anam', { tls: testAuthority.server });
  const routes = { 'vendor.example:443': Number(new URL(anam.url).port) };
  const proxy = await connectProxy({ routes, ...settings });
  const files = { ...anamLlms('support'), 'ca.pem': testAuthority.cert, 'other.pem': selfSigned.cert };
  const project = await anamProject(base, files, target);
  project.env.HTTPS_PROXY = proxy.url;
  return { anam, proxy, project };
}

describe('a vendor behind a proxy', () => {
  it.each([
    ['without a user', {}],
    ['with a user and a password', { user: USER }],
    ['that speaks TLS itself', { tls: testAuthority.server, user: USER }],
  ])('is planned and applied through one %s', async (_what, settings) => {
    const { anam, proxy, project } = await company(settings);
    project.env.NODE_EXTRA_CA_CERTS = `${project.path}/ca.pem`;
    const apply = await project.run('apply', '--auto-approve', '--log-level', 'debug');
    expect(apply).toMatchObject({ code: 0 });
    expect(namesAt(anam)).toEqual(['support']);
    expect(new Set(proxy.asked)).toEqual(new Set(['vendor.example:443']));
    expect((await project.run('plan', '--detailed-exitcode')).code).toBe(0);
    for (const secret of ['agent', 'p4ss', Buffer.from(USER).toString('base64')])
      expect(apply.out + apply.err).not.toContain(secret);
  });

  it('is trusted by NODE_EXTRA_CA_CERTS, also beside a caFile of another authority', async () => {
    const { project } = await company({}, { target: '    caFile: other.pem\n' });
    expect((await project.run('plan')).err).toContain(
      'the certificate of vendor.example:443 through the proxy 127.0.0.1:',
    );
    const trusting = { NODE_EXTRA_CA_CERTS: `${project.path}/ca.pem` };
    expect(await project.runWith(trusting, 'plan')).toMatchObject({ code: 0 });
    await project.write({ 'llmform.yaml': (await project.read('llmform.yaml')).replace(/.*caFile.*\n/, '') });
    expect(await project.runWith(trusting, 'plan')).toMatchObject({ code: 0 });
  });

  it('keeps its number of connections, and leaves none behind', async () => {
    const { anam, proxy, project } = await company(
      {},
      { target: '    caFile: ca.pem\n    concurrency: 2\n' },
    );
    await project.write(anamLlms('a', 'b', 'c', 'd', 'e', 'f'));
    expect(await project.run('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(namesAt(anam)).toHaveLength(7);
    expect(proxy.asked).toHaveLength(2);
    await expect.poll(proxy.open).toBe(0);
  });

  it('does not follow a redirect, and reads no page of the proxy as an answer', async () => {
    const { anam, project } = await company();
    const headers = { location: 'https://elsewhere.example/' };
    anam.faults.push({ effect: { type: 'status', status: 302, headers } });
    expect((await project.run('plan')).err).toContain('a redirect to elsewhere.example');
    anam.faults.splice(0, 1, { effect: { type: 'html' } });
    expect((await project.run('plan')).err).toContain('HTML page instead of JSON');
  });
});

describe('a proxy that gives no way', () => {
  const html = '<html><body>Blocked by policy 7 for agent</body></html>';
  it.each<[string, ProxySettings, string]>([
    ['asks for a user', { user: USER }, 'asks for a user and a password (407); check HTTPS_PROXY'],
    [
      'refuses the host with a page',
      { answer: `HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\n\r\n${html}` },
      'refused to connect to vendor.example:443 (403)',
    ],
    [
      'has no connection itself',
      { answer: 'HTTP/1.1 503 Service Unavailable\r\n\r\n' },
      'has no connection to vendor.example:443 (503)',
    ],
    ['does not speak HTTP', { answer: html }, 'does not speak HTTP; check HTTPS_PROXY'],
    ['hangs up', { answer: '' }, 'was lost'],
    ['never answers', { silent: true }, 'did not connect to vendor.example:443 in time'],
  ])('%s', async (_what, settings, words) => {
    const { anam, proxy, project } = await company(settings, {
      target: `    caFile: ca.pem\n${settings.silent ? '    timeout: 1s\n' : ''}`,
    });
    const { code, err } = await project.runWith({ HTTPS_PROXY: `http://${proxy.place}` }, 'plan');
    expect(code).toBe(1);
    expect(err).toContain(`the proxy ${proxy.place} `);
    expect(err).toContain(words);
    expect(err).not.toContain('Blocked');
    expect(anam.requests).toEqual([]);
  });

  it('refuses the user, whose password is not printed', async () => {
    const { project, proxy } = await company({ user: USER });
    const wrong = { HTTPS_PROXY: `http://agent:wr0ng-pass@${proxy.place}` };
    const { code, err } = await project.runWith(wrong, 'plan', '--log-level', 'debug');
    expect(code).toBe(1);
    expect(err).toContain(`the proxy ${proxy.place} refused the user or the password (407)`);
    expect(err).not.toMatch(/agent|wr0ng-pass/);
  });

  it('is down, or answers a page in place of the vendor', async () => {
    const { project } = await company();
    const down = await project.runWith({ HTTPS_PROXY: 'http://u:pw-secret@127.0.0.1:9' }, 'plan');
    expect(down.err).toContain('the proxy 127.0.0.1:9 refused the connection; check HTTPS_PROXY');
    expect(down.err).not.toContain('pw-secret');
    const page = await connectProxy({ answer: `HTTP/1.1 200 OK\r\n\r\n${html}` });
    const { code, err } = await project.runWith({ HTTPS_PROXY: page.url }, 'plan');
    expect(code).toBe(1);
    expect(err).toContain(`vendor.example:443 through the proxy ${page.place} does not speak TLS`);
    expect(err).toContain('the proxy may have answered itself');
  });

  it.each([
    ['http://exa mple:pw-secret', 'the variable HTTPS_PROXY is not the URL of a proxy'],
    ['socks5://u:pw-secret@proxy.example:1080', 'neither by http:// nor by https://'],
    ['http://u:pw-secret%zz@proxy.example', '"%" that is not written as %25'],
  ])('is no proxy: %s', async (HTTPS_PROXY, words) => {
    const { project } = await company();
    const { code, err } = await project.runWith({ HTTPS_PROXY }, 'plan');
    expect(code).toBe(1);
    expect(err).toContain('target anam cannot be read: ');
    expect(err).toContain(words);
    expect(err).not.toContain('pw-secret');
  });
});

describe('NO_PROXY', () => {
  it('keeps a host of the own network from the proxy; without it, this machine is asked for there too', async () => {
    const anam = await emulate('anam');
    const proxy = await connectProxy();
    const project = await anamProject(anam.url, anamLlms('support'));
    const through = await project.runWith({ HTTP_PROXY: proxy.url }, 'plan');
    expect(through).toMatchObject({ code: 0 });
    expect(proxy.asked).toEqual([new URL(anam.url).host]);
    const past = { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' };
    expect(await project.runWith(past, 'plan')).toMatchObject({ code: 0 });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a notification of watch', () => {
  it('goes through the proxy, and says which one where there is no way', async () => {
    const hooks = await serve(answering(200, 'ok'), {
      key: Buffer.from(testAuthority.server.key),
      cert: Buffer.from(testAuthority.server.cert),
    });
    later(hooks.close);
    const anam = await emulate('anam');
    const proxy = await connectProxy({ routes: { 'hooks.example:443': hooks.port } });
    const notify = '  notify: [{ type: webhook, url: { fromEnv: HOOK } }]';
    const project = await anamProject(anam.url, anamLlms('support'), `watch:\n${notify}\n`);
    await project.write({ 'ca.pem': testAuthority.cert });
    const env = {
      HOOK: 'https://hooks.example/T0/h00k-secret',
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: `${project.path}/ca.pem`,
    };
    const told = await project.runWith(env, 'watch', '--once', '--listen', 'off');
    expect(told.code).toBe(2);
    expect(hooks.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /T0/h00k-secret']);
    expect(proxy.asked).toEqual(['hooks.example:443']);

    const strict = await connectProxy({ answer: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
    const refused = await project.runWith(
      { ...env, HTTPS_PROXY: `http://u:pw-secret@${strict.place}` },
      ...['watch', '--once', '--listen', 'off'],
    );
    expect(refused.err).toContain(`the proxy ${strict.place} refused to connect to the recipient (403)`);
    expect(refused.err).not.toMatch(/hooks\.example|h00k|pw-secret/);
  });
});
