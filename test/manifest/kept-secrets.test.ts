import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { openSandbox, writesTo } from '../support/sandbox.js';

async function validated(vendor: string, spec: JsonObject) {
  const sandbox = await openSandbox({ targets: { here: { vendor } } });
  sandbox.declare({ apiVersion: 'llmform/v1', kind: 'LLM', vendor, metadata: { name: 'one' }, spec });
  const { code, out } = await sandbox.run('validate', '--format', 'json');
  return { code, diagnostics: JSON.parse(out).diagnostics };
}

const LLM = {
  displayName: 'Support',
  providerType: 'OPENAI',
  endpointUrl: 'https://llm.example.com/v1',
  modelIdentifier: 'gpt-4o',
};
const API_KEY = { kind: 'CREDENTIAL_KIND_API_KEY' };

describe('{ keep: true }', () => {
  it('takes the place of all credentials of GoodMem, which are then neither sent nor compared', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'goodmem' } } });
    sandbox.emulator.put('LLM', LLM);
    const spec = { ...LLM, credentials: { keep: true } };
    sandbox.declare({
      apiVersion: 'llmform/v1',
      kind: 'LLM',
      vendor: 'goodmem',
      metadata: { name: 'one' },
      spec,
    });
    expect((await sandbox.apply('--adopt')).code).toBe(0);
    expect(writesTo(sandbox.emulator)).toMatchObject([{ method: 'PUT', body: { mergeLabels: {} } }]);
    expect((await sandbox.plan('--detailed-exitcode')).code).toBe(0);
  });

  it.each<[string, JsonObject]>([
    ['beside other members of the credentials', { keep: true, ...API_KEY }],
    ['with another value', { keep: false }],
    ['beside a source', { ...API_KEY, apiKey: { inlineSecret: { keep: true, fromEnv: 'KEY' } } }],
  ])('is refused %s', async (_what, credentials) => {
    expect((await validated('goodmem', { ...LLM, credentials })).code).toBe(1);
  });

  it('warns that what stands beside it is not sent', async () => {
    const apiKey = { inlineSecret: { keep: true }, headerName: 'X-Key', prefix: '' };
    const { code, diagnostics } = await validated('goodmem', { ...LLM, credentials: { ...API_KEY, apiKey } });
    expect(code).toBe(0);
    expect(diagnostics).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringContaining('headerName, prefix'),
        path: '/spec/credentials',
      },
    ]);
  });

  it('is offered where a secret is missing or written out, but not for a credential', async () => {
    const { diagnostics } = await validated('anam', { displayName: 'x', secret: 'sk-HUSH-literal' });
    expect(JSON.stringify(diagnostics)).toContain('{ keep: true }');
    const sandbox = await openSandbox({
      targets: { here: { vendor: 'anam', rest: { auth: { keep: true } } } },
    });
    const { code, err } = await sandbox.run('validate');
    expect(code).toBe(1);
    expect(err).not.toContain('keep: true }');
  });
});
