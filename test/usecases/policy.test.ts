import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import type { Project, ProjectWatch, SecretReference, Target } from '../../src/model/project.js';
import { findViolations, readPolicy } from '../../src/usecases/policy.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { emulate, openProject } from '../support/project.js';

const NO_FLAGS = { allowHost: [], allowCommands: false };

describe('the policy', () => {
  it.each([
    ["the vendor's own host", { CI: 'true' }, 'https://api.anam.ai', true],
    ["the vendor's own host without TLS", { CI: 'true' }, 'http://api.anam.ai', false],
    ["the vendor's own host on another port", { CI: 'true' }, 'https://api.anam.ai:8443', false],
    ["a host that only begins like the vendor's", { CI: 'true' }, 'https://api.anam.ai.evil.example', false],
    ['somebody else', { CI: 'true' }, 'https://evil.example', false],
    ['somebody else, outside CI', {}, 'https://evil.example', true],
    [
      'an allowed host',
      { CI: 'true', LLMFORM_ALLOWED_HOSTS: 'a.example, b.example' },
      'https://b.example',
      true,
    ],
    [
      'an allowed host and port',
      { CI: '1', LLMFORM_ALLOWED_HOSTS: 'b.example:8080' },
      'https://b.example:8080',
      true,
    ],
    [
      'another port of an allowed host',
      { CI: '1', LLMFORM_ALLOWED_HOSTS: 'b.example:80' },
      'https://b.example',
      false,
    ],
    ['loopback', { CI: 'true' }, 'http://127.0.0.1:9440', true],
    ['loopback by name', { CI: 'true' }, 'http://localhost:8080', true],
    ['a name that only looks like loopback', { CI: 'true' }, 'http://127.0.0.1.evil.example', false],
  ])('sends a credential to %s: %j %s %s', (_, env, baseUrl, allowed) => {
    expect(found({ baseUrl }, env)).toHaveLength(allowed ? 0 : 1);
  });

  it('names the target, the host and what allows it', () => {
    const [finding] = found({ baseUrl: 'https://evil.example' }, { CI: 'true' });
    expect(finding).toMatchObject({ severity: 'error', code: 'guard', file: 'llmform.yaml' });
    expect(`${finding?.summary} ${finding?.detail}`).toMatch(
      /anam-prod.*evil\.example.*LLMFORM_ALLOWED_HOSTS/,
    );
    expect(finding?.needs).toEqual({ allow: 'host', host: 'evil.example' });
  });

  it.each([
    [undefined, true],
    ['', false],
    ['ANAM_*', true],
    ['OTHER_*', false],
    ['*_KEY', true],
    ['ANAM', false],
    ['A.*', false],
  ])('reads variables that match LLMFORM_ALLOWED_ENV=%s: %s', (globs, allowed) => {
    const env: Record<string, string> = globs === undefined ? {} : { LLMFORM_ALLOWED_ENV: globs };
    expect(found({ auth: { fromEnv: 'ANAM_KEY' } }, env)).toHaveLength(allowed ? 0 : 1);
    expect(
      found({}, { LLMFORM_ALLOWED_ENV: `CREDENTIAL ${globs ?? '*'}` }, { fromEnv: 'ANAM_KEY' }),
    ).toHaveLength(allowed ? 0 : 1);
  });

  it('runs commands in CI only when it is told so', () => {
    const auth = { fromCommand: ['./token.sh'] };
    expect(found({ auth }, {})).toHaveLength(0);
    expect(found({ auth }, { CI: 'true' })).toHaveLength(1);
    expect(found({ auth }, { CI: 'true' }, undefined, { allowHost: [], allowCommands: true })).toHaveLength(
      0,
    );
  });
});

describe('what watch would send and read', () => {
  const ofWatch = (watch: ProjectWatch, env: Record<string, string>) =>
    findViolations({ file: 'llmform.yaml', watch } as Project, [], [], vendors, readPolicy(env, NO_FLAGS));
  const telling = (url: string): ProjectWatch => ({ notify: [{ type: 'webhook', url, on: ['drift'] }] });

  it.each([
    ['https://evil.example/x', { CI: 'true' }, false],
    ['https://api.anam.ai/x', { CI: 'true' }, false],
    ['https://ops.example/x', { CI: 'true', LLMFORM_ALLOWED_HOSTS: 'ops.example' }, true],
    ['http://127.0.0.1:8080/x', { CI: 'true' }, true],
    ['https://evil.example/x', {}, true],
  ])('notifies %s with %j: %s', (url, env, allowed) => {
    const diagnostics = ofWatch(telling(url), env);
    expect(diagnostics).toHaveLength(allowed ? 0 : 1);
    // The path of such an address may be a secret.
    expect(JSON.stringify(diagnostics)).not.toContain('/x');
  });

  it.each<[string, ProjectWatch]>([
    ['watch.webhookSecret', { webhookSecret: { fromCommand: ['x'] } }],
    ['watch.uiToken', { uiToken: { fromCommand: ['x'] } }],
    ['watch.notify[0].url', { notify: [{ type: 'slack', url: { fromCommand: ['x'] }, on: ['drift'] }] }],
    [
      'watch.notify[0].secret',
      {
        notify: [{ type: 'webhook', url: 'http://localhost', secret: { fromEnv: 'SECRET' }, on: ['drift'] }],
      },
    ],
  ])('reads %s only when it may', (what, watch) => {
    const [finding, ...more] = ofWatch(watch, { CI: 'true', LLMFORM_ALLOWED_ENV: 'ANAM_*' });
    expect(finding).toMatchObject({ code: 'guard', file: 'llmform.yaml' });
    expect(finding?.summary).toContain(what);
    expect(more).toEqual([]);
    expect(ofWatch(watch, {})).toEqual([]);
  });

  it.each<SecretReference>([{ fromEnv: 'LEDGER_KEY' }, { fromCommand: ['x'] }])(
    'reads the key of the ledger from %j only when it may',
    (ledgerKey) => {
      const project = { file: 'llmform.yaml', ledgerKey } as Project;
      const violations = (env: Record<string, string>) =>
        findViolations(project, [], [], vendors, readPolicy(env, NO_FLAGS));
      const [finding, ...more] = violations({ CI: 'true', LLMFORM_ALLOWED_ENV: 'ANAM_*' });
      expect(finding).toMatchObject({ code: 'guard', file: 'llmform.yaml' });
      expect(finding?.summary).toContain('ledger.key');
      expect(more).toEqual([]);
      expect(violations({})).toEqual([]);
    },
  );
});

describe('in CI, a pull request that edits the project', () => {
  it('gets nothing sent, by plan or by apply', async () => {
    const anam = await emulate('anam');
    const project = await openProject(
      {
        'llmform.yaml': `apiVersion: llmform/v1
kind: Project
name: shop
targets:
  anam: { vendor: anam, baseUrl: "https://evil.example", auth: { fromEnv: ANAM_API_KEY } }
  here: { vendor: anam, baseUrl: "${anam.url}", auth: { fromCommand: [touch, ran] } }
`,
        'manifests/a.yaml': `apiVersion: llmform/v1
kind: LLM
vendor: anam
metadata: { name: a, target: here, id: x }
spec: { displayName: A }
`,
      },
      { ANAM_API_KEY: 'do-not-send', CI: 'true' },
    );
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, err } = await project.run(...command);
      expect(code).toBe(1);
      expect(err).toContain('--allow-host evil.example');
      expect(err).toContain('--allow-commands');
    }
    expect(anam.requests).toEqual([]);
    await expect(project.read('ran')).rejects.toThrow();
  });
});

function found(
  change: Partial<Target>,
  env: Record<string, string>,
  secret?: SecretReference,
  flags: Parameters<typeof readPolicy>[1] = NO_FLAGS,
) {
  const target: Target = {
    name: 'anam-prod',
    vendor: 'anam',
    baseUrl: 'https://api.anam.ai',
    auth: { fromEnv: 'CREDENTIAL' },
    concurrency: 1,
    requestsPerSecond: 1,
    timeoutMs: 1000,
    ...change,
  };
  const project = { file: 'llmform.yaml' } as Project;
  const manifest: Manifest = {
    address: 'anam-prod/LLM/a',
    target: 'anam-prod',
    vendor: 'anam',
    kind: 'LLM',
    name: 'a',
    preventDestroy: false,
    ignoreChanges: [],
    allowUnknown: [],
    spec: secret === undefined ? {} : { secret: { ...secret } },
    source: { file: 'a.yaml', line: 1 },
  };
  return findViolations(project, [target], [manifest], vendors, readPolicy(env, flags));
}
