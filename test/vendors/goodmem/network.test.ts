import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../support/document.js';
import { openSandbox, said, writesTo } from '../../support/sandbox.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../support/certificates/${name}`, import.meta.url));
const tls = {
  key: readFileSync(fixture('localhost-key.pem'), 'utf8'),
  cert: readFileSync(fixture('localhost-cert.pem'), 'utf8'),
};
const llm = documentsOf('goodmem')('LLM', 'one', {
  displayName: 'One',
  providerType: 'OLLAMA',
  endpointUrl: 'http://localhost:11434/v1',
  modelIdentifier: 'qwen3:8b',
});

describe("a GoodMem server of one's own", () => {
  it('is reached over TLS with a private CA', async () => {
    const sandbox = await openSandbox({
      targets: { here: { vendor: 'goodmem', tls, rest: { caFile: 'certs/ca.pem' } } },
    });
    sandbox.write('certs/ca.pem', tls.cert);
    byName(sandbox);
    sandbox.declare(llm);
    expect((await sandbox.apply()).code).toBe(0);
    expect((await sandbox.plan()).plan.changes).toEqual([]);
  });

  it('is not trusted without it', async () => {
    const sandbox = await openSandbox({ targets: { here: { vendor: 'goodmem', tls } } });
    byName(sandbox);
    sandbox.declare(llm);
    const { code, plan } = await sandbox.plan();
    expect(code).toBe(1);
    expect(said(plan.diagnostics)).toMatch(/certificate/);
    expect(said(plan.diagnostics)).toMatch(/caFile/);
    expect(sandbox.emulator.requests).toEqual([]);
  });

  it('that redirects is not followed: the credential stays here', async () => {
    const sandbox = await openSandbox({
      targets: { here: { vendor: 'goodmem' }, there: { vendor: 'goodmem' } },
    });
    const { here, there } = sandbox.emulators;
    if (here) here.options.redirectTo = there?.url;
    sandbox.declare({ ...llm, metadata: { name: 'one', target: 'here' } });
    const { code, plan } = await sandbox.plan();
    expect({ code, changes: plan.changes }).toEqual({ code: 1, changes: [] });
    expect(said(plan.diagnostics)).toMatch(/redirect/);
    expect((await sandbox.apply()).code).toBe(1);
    expect(there?.requests).toEqual([]);
    if (here) expect(writesTo(here)).toEqual([]);
  });
});

/** The certificate is for a name, not for an address. */
function byName(sandbox: Awaited<ReturnType<typeof openSandbox>>): void {
  const file = `${sandbox.folder}/llmform.yaml`;
  sandbox.write('llmform.yaml', readFileSync(file, 'utf8').replace('127.0.0.1', 'localhost'));
}
