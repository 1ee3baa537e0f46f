import { describe, expect, it } from 'vitest';
import { connectProxy, tlsInFrontOf } from '../support/connect-proxy.js';
import { anamLlms, anamProject, emulate } from '../support/project.js';
import { HEAD } from '../support/pull-request.js';
import { action, github, pullRequest } from '../support/run-action.js';
import { selfSigned } from '../support/self-signed.js';
import { testAuthority } from '../support/test-authority.js';

const API = 'https://github.example/api/v3';

/** A runner that reaches the vendor and GitHub through a proxy only, each with a certificate of its own authority. */
async function runner(ofGitHub: 'open' | 'closed' = 'open') {
  const anam = await emulate('anam', { tls: selfSigned });
  const hub = await github('/api/v3');
  hub.pulls.push({ number: 7, head: HEAD });
  const [vendor, forge] = [Number(new URL(anam.url).port), await tlsInFrontOf(hub.url, testAuthority.server)];
  const proxy = await connectProxy({
    user: 'agent:pw-s3cret',
    routes: { [new URL(anam.url).host]: vendor, 'github.example:443': ofGitHub === 'open' ? forge : 9 },
  });
  const project = await anamProject(anam.url, anamLlms('support'), '    caFile: own.pem\n');
  await project.write({ 'own.pem': selfSigned.cert, 'company.pem': testAuthority.cert });
  const env = {
    ...project.env,
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: `${project.path}/company.pem`,
  };
  const event = pullRequest(7, HEAD);
  const plan = () => action({ cwd: project.path, env, inputs: { command: 'plan' }, event, api: API });
  return { hub, proxy, plan };
}

describe('the action behind a proxy', () => {
  it('reaches the vendor and GitHub through it', async () => {
    const { hub, proxy, plan } = await runner();
    const ran = await plan();
    expect(ran).toMatchObject({ code: 0, outputs: { summary: 'Plan: 1 to create.' } });
    expect(hub.comments.map(({ body }) => body)).toEqual([expect.stringContaining('Plan: 1 to create.')]);
    expect(proxy.asked).toContain('github.example:443');
    expect(proxy.asked.some((place) => place.startsWith('127.0.0.1:'))).toBe(true);
    expect(ran.log + ran.summary).not.toMatch(/agent|pw-s3cret/);
  });

  it('says which proxy was in the way to GitHub', async () => {
    const { proxy, plan } = await runner('closed');
    const ran = await plan();
    const everything = ran.log + ran.summary + ran.annotations.join('\n');
    expect(everything).toContain(`through the proxy ${proxy.place}`);
    expect(everything).not.toMatch(/agent|pw-s3cret/);
  });
});
