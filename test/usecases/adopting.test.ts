import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { openSandbox, type Sandbox, SECRET, said, variableOf, writesTo } from '../support/sandbox.js';

const LLM = {
  displayName: 'Support',
  llmFormat: 'openai',
  modelName: 'gpt-4o',
  urls: [{ url: 'https://api.openai.com/v1/chat/completions' }],
};
const secret = { fromEnv: 'SECRET' };

function manifest(name: string, spec: JsonObject, vendor = 'anam', kind = 'LLM'): JsonObject {
  return { apiVersion: 'llmform/v1', kind, vendor, metadata: { name }, spec };
}

const anam = () => openSandbox({ targets: { here: { vendor: 'anam' } } });

/** Three objects made by hand, and manifests of their names: one as it is, one of another model, one without a secret. */
async function threeByHand(): Promise<Sandbox> {
  const sandbox = await anam();
  for (const displayName of ['a', 'b', 'c']) sandbox.emulator.put('LLM', { ...LLM, displayName });
  sandbox.declare(
    manifest('a', { ...LLM, displayName: 'a', secret }),
    manifest('b', { ...LLM, displayName: 'b', modelName: 'gpt-5', secret }),
    manifest('c', { ...LLM, displayName: 'c', secret: { keep: true } }),
  );
  return sandbox;
}

describe('adopting', () => {
  it('is not counted as work where it was not asked for, and says what it would send', async () => {
    const sandbox = await threeByHand();
    const { out } = await sandbox.run('plan');
    expect(out).toContain('Plan: 3 not adopted.\n');
    expect(out).toContain('Adopting sends the key from SECRET: --trust-secrets takes');
    expect(out).toContain('{ keep: true } in its place');
    expect((await sandbox.plan()).plan.summary).toMatchObject({ adopt: 3 });
  });

  it('says in the summary what it changes and sends, and where only our mark is sent', async () => {
    const sandbox = await threeByHand();
    const { out } = await sandbox.run('plan', '--adopt');
    expect(out).toContain('Plan: 3 to adopt (1 changes live fields, 2 send a secret).\n');
    expect(out).toContain('no field changes; only the ownership mark is sent');
    const trusted = await sandbox.run('plan', '--adopt', '--trust-secrets', '--format', 'markdown');
    expect(trusted.out).toContain('**Plan: 3 to adopt (1 changes live fields).**');
    expect(trusted.out).not.toContain('Adopting sends');
  });

  it('needs no secret that it does not send', async () => {
    const sandbox = await threeByHand();
    sandbox.env.SECRET = undefined;
    const left = await sandbox.apply();
    expect(left.code).toBe(3);
    expect(left.report.summary).toMatchObject({ applied: 0, skipped: 3 });

    const refused = await sandbox.apply('--adopt');
    expect(refused.code).toBe(1);
    expect(writesTo(sandbox.emulator)).toEqual([]);

    const { code, report } = await sandbox.apply('--adopt', '--trust-secrets');
    expect({ code, summary: report.summary }).toMatchObject({ code: 0, summary: { applied: 3 } });
    expect(report.diagnostics.filter((found) => found.code === 'secret')).toMatchObject(
      ['a', 'b'].map((name) => ({
        severity: 'warning',
        address: `here/LLM/${name}`,
        detail: expect.stringContaining('not sent this time'),
      })),
    );
    const { applied = {} } = sandbox.ledger().objects['here/LLM/a'] ?? {};
    expect(Object.keys(applied)).not.toContain('/secret');
    expect((await sandbox.plan('--trust-secrets', '--detailed-exitcode')).code).toBe(0);
  });

  it('leaves a digest that is known where its secret is trusted without being resolved', async () => {
    const sandbox = await anam();
    sandbox.declare(manifest('a', { ...LLM, secret }));
    await sandbox.apply();
    const digest = sandbox.ledger().objects['here/LLM/a']?.applied['/secret'];
    sandbox.env.SECRET = undefined;
    sandbox.declare(manifest('a', { ...LLM, modelName: 'gpt-5', secret }));
    expect((await sandbox.apply()).code).toBe(1);
    expect((await sandbox.apply('--trust-secrets')).code).toBe(0);
    expect(sandbox.ledger().objects['here/LLM/a']?.applied['/secret']).toBe(digest);
    sandbox.env.SECRET = SECRET;
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });

  it('keeps a LiveAvatar secret that was made by hand, which others may use', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'liveavatar' } } });
    const spec = { secret_name: 'openai', secret_type: 'OPENAI_API_KEY' };
    const byHand = sandbox.emulator.put('Secret', spec);
    sandbox.declare(manifest('openai', { ...spec, secret_value: secret }, 'liveavatar', 'Secret'));
    const { code, report } = await sandbox.apply('--adopt');
    expect(code).toBe(0);
    expect(said(report.diagnostics)).toContain(`the Secret that was there stays: ${byHand}`);
    expect(writesTo(sandbox.emulator).map(({ method }) => method)).toEqual(['POST']);
    expect(sandbox.emulator.objects('Secret')).toHaveLength(2);
    expect(sandbox.ledger().objects['here/Secret/openai']).not.toHaveProperty('retired');
    expect((await sandbox.plan('--prune', '--detailed-exitcode')).code).toBe(0);
  });

  it('lets a LiveAvatar secret made by hand live through an adoption that broke off', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'liveavatar' } } });
    const spec = { secret_name: 'openai', secret_type: 'OPENAI_API_KEY' };
    const byHand = sandbox.emulator.put('Secret', spec);
    sandbox.declare(manifest('openai', { ...spec, secret_value: secret }, 'liveavatar', 'Secret'));
    sandbox.emulator.faults.push({
      match: { method: 'POST' },
      times: 1,
      effect: { type: 'status', status: 403 },
    });
    expect((await sandbox.apply('--adopt')).code).toBe(3);
    expect((await sandbox.apply('--adopt', '--max-delete', '9')).code).toBe(0);
    expect(sandbox.emulator.objects('Secret').map(({ id }) => id)).toContain(byHand);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });
});

describe('an object that is created beside one of the same name', () => {
  it.each([
    ['elsewhere/here/LLM/a', "another project's object has this name"],
    ['tests/old-target/LLM/a', 'an object of another target of this project has this name'],
  ])('marked %s gets a warning', async (mark, words) => {
    const sandbox = await anam();
    const id = sandbox.emulator.put('LLM', { ...LLM, metadata: { llmform: mark } });
    sandbox.declare(manifest('b', { ...LLM, secret }));
    const { plan } = await sandbox.plan();
    expect(plan.summary).toMatchObject({ create: 1 });
    expect(plan.diagnostics.filter(({ code }) => code === 'adopt')).toMatchObject([
      {
        severity: 'warning',
        code: 'adopt',
        file: 'manifests/all.yaml',
        summary: `here/LLM/b: ${words}, and a twin is created beside it`,
        detail: expect.stringContaining(`${id}, marked as ${mark}`),
      },
    ]);
  });
});

describe('two targets that are one account', () => {
  it('get a warning, which does not show the credential', async () => {
    const sandbox = await openSandbox({ targets: { one: { vendor: 'anam' } } });
    const credential = sandbox.env[variableOf('one')] ?? '';
    Object.assign(sandbox.env, { OTHER_NAME: credential, OTHER_KEY: 'another-key' });
    const target = (fromEnv: string, baseUrl: string) => ({ vendor: 'anam', baseUrl, auth: { fromEnv } });
    const { url } = sandbox.emulator;
    const project = (targets: JsonObject) =>
      sandbox.write(
        'llmform.yaml',
        JSON.stringify({ apiVersion: 'llmform/v1', kind: 'Project', name: 'tests', targets }),
      );
    const declared = ['one', 'two'].map((name) => ({
      ...manifest(name, { ...LLM, displayName: name, secret }),
      metadata: { name, target: name },
    }));
    sandbox.declare(...declared);
    project({ one: target(variableOf('one'), url), two: target('OTHER_NAME', `${url}/`) });
    expect(said((await sandbox.plan()).plan.diagnostics)).toContain(
      'the targets one and two are one account',
    );
    project({ one: target(variableOf('one'), url), two: target('OTHER_KEY', url) });
    expect(said((await sandbox.plan()).plan.diagnostics)).not.toContain('one account');
  });
});

describe('a secret that was rotated', () => {
  it('is not said to be a change of the manifest', async () => {
    const sandbox = await anam();
    sandbox.declare(manifest('a', { ...LLM, secret }));
    await sandbox.apply();
    sandbox.env.SECRET = 'sk-another-value-1';
    const { out } = await sandbox.run('plan');
    expect(out).toContain('/secret  (sensitive, from SECRET)  [secret]');
    expect(out).toContain('secret: the value behind the reference is another');
    const { plan } = await sandbox.plan();
    expect(plan.changes[0]?.fields).toEqual([
      { path: '/secret', cause: 'manifest', sensitive: true, from: [{ fromEnv: 'SECRET' }] },
    ]);
  });
});
