import { describe, expect, it } from 'vitest';
import { validators } from '../../src/manifest/schema/validators.generated.js';
import { manifestOf } from './documents.js';

const FLAGS = {
  supportsChat: true,
  supportsCompletion: true,
  supportsFunctionCalling: true,
  supportsSystemMessages: true,
  supportsStreaming: true,
  supportsSamplingParameters: true,
};
const manyLabels = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`label-${i}`, 'x']));

describe('what a vendor documents about a value', () => {
  it.each<[string, object]>([
    ['liveavatar/LLM', { secret_id: 'b7a5' }],
    ['liveavatar/LLM', { secret_id: { ref: 'Secret/openai' } }],
    ['liveavatar/Secret', { secret_type: 'SOMETHING_NEW' }],
    ['anam/LLM', { urls: [{ url: 'https://a.example' }, { url: 'http://b.example', region: 'eu' }] }],
    [
      'anam/LLM',
      { temperature: 0.5, maxTokens: 5, deploymentName: 'd', apiVersion: 'v', displayTags: ['t'] },
    ],
    ['anam/LLM', { metadata: { description: 'x', nested: { deep: null } } }],
    ['goodmem/LLM', { labels: { team: 'a', old: null } }],
    ['goodmem/LLM', { labels: manyLabels }],
    ['goodmem/LLM', { capabilities: FLAGS }],
    ['goodmem/LLM', { capabilities: { supportsChat: false } }],
    ['goodmem/LLM', { clientConfig: { anything: [null] } }],
    ['goodmem/LLM', { credentials: { kind: 'CREDENTIAL_KIND_GCP_ADC', gcpAdc: {} } }],
    [
      'goodmem/LLM',
      { credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { secretRef: { uri: 'vault://a' } } } },
    ],
  ])('lets %s have %j', (name, spec) => {
    expect(violations(name, spec)).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ['liveavatar/LLM', { display_name: '' }, '/display_name', 'minLength'],
    ['liveavatar/LLM', { display_name: 'x'.repeat(256) }, '/display_name', 'maxLength'],
    ['liveavatar/LLM', { secret_id: 'x'.repeat(37) }, '/secret_id', 'maxLength'],
    ['liveavatar/LLM', { secret_id: { ref: 'LLM/openai' } }, '/secret_id/ref', 'pattern'],
    ['liveavatar/LLM', { secret_id: {} }, '/secret_id', 'required'],
    ['liveavatar/LLM', { base_url: 'api.openai.com' }, '/base_url', 'pattern'],
    ['anam/LLM', { llmFormat: 'anthropic' }, '/llmFormat', 'enum'],
    ['anam/LLM', { urls: [{ region: 'eu' }] }, '/urls/0', 'required'],
    ['anam/LLM', { metadata: { llmform: 'x' } }, '/metadata/llmform', 'false schema'],
    ['anam/LLM', { metadata: { team: null } }, '/metadata/team', 'type'],
    ['anam/LLM', { isDefault: true }, '', 'additionalProperties'],
    ['goodmem/LLM', { llmId: '5f0c4a52-3c5a-4c1e-9a53-0d8a7c6b9e10' }, '', 'additionalProperties'],
    ['goodmem/LLM', { labels: { 'llmform.address': 'x' } }, '/labels/llmform.address', 'false schema'],
    ['goodmem/LLM', { labels: { ...manyLabels, more: 'x' } }, '/labels', 'maxProperties'],
    [
      'goodmem/LLM',
      { capabilities: { ...FLAGS, supportsChat: 'yes' } },
      '/capabilities/supportsChat',
      'type',
    ],
    ['goodmem/LLM', { capabilities: {} }, '/capabilities', 'minProperties'],
    ['goodmem/LLM', { supportedModalities: [] }, '/supportedModalities', 'minItems'],
    ['goodmem/LLM', { supportedModalities: ['TEXT', 'TEXT'] }, '/supportedModalities', 'uniqueItems'],
    ['goodmem/LLM', { credentials: {} }, '/credentials', 'required'],
    ['goodmem/LLM', { credentials: { kind: 'CREDENTIAL_KIND_API_KEY' } }, '/credentials', 'required'],
    ['goodmem/LLM', { credentials: { kind: 'CREDENTIAL_KIND_GCP_ADC' } }, '/credentials', 'required'],
    ['goodmem/LLM', { credentials: { kind: 'CREDENTIAL_KIND_UNSPECIFIED' } }, '/credentials/kind', 'enum'],
    [
      'goodmem/LLM',
      { credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: {} } },
      '/credentials/apiKey',
      'required',
    ],
    [
      'goodmem/LLM',
      {
        credentials: {
          kind: 'CREDENTIAL_KIND_API_KEY',
          apiKey: { inlineSecret: { fromEnv: 'A' }, secretRef: { uri: 'env://A' } },
        },
      },
      '/credentials/apiKey/inlineSecret',
      'false schema',
    ],
    ['goodmem/LLM', { defaultSamplingParams: { topP: 1.1 } }, '/defaultSamplingParams/topP', 'maximum'],
    ['goodmem/LLM', { ownerId: 'me' }, '/ownerId', 'pattern'],
    ['flashback/LLM', { aiType: 'AZURE' }, '/aiType', 'enum'],
    ['flashback/LLM', { repos: [] }, '', 'additionalProperties'],
  ])('does not let %s have %j', (name, spec, path, keyword) => {
    const found = violations(name, spec).map((error) => `${error.instancePath} ${error.keyword}`);
    expect(found).toContain(`/spec${path} ${keyword}`);
  });
});

describe('the envelope', () => {
  const good = { ...manifestOf('anam/LLM', {}, { id: '42' }) } as Record<string, unknown>;

  it.each<[string, object, string]>([
    ['another API version', { apiVersion: 'llmform/v2' }, '/apiVersion const'],
    ['capitals in a name', { metadata: { name: 'Support', id: '42' } }, '/metadata/name pattern'],
    ['an id alone', { metadata: { id: '42' } }, '/metadata required'],
    ['a name of 64 characters', { metadata: { name: 'x'.repeat(64), id: '42' } }, '/metadata/name pattern'],
    ['an unknown member', { status: {} }, ' additionalProperties'],
    ['an unknown lifecycle', { lifecycle: { prevent_destroy: true } }, '/lifecycle additionalProperties'],
    [
      'a field name where a pointer belongs',
      { lifecycle: { ignoreChanges: ['description'] } },
      '/lifecycle/ignoreChanges/0 pattern',
    ],
    [
      'the whole spec as a pointer',
      { lifecycle: { ignoreChanges: [''] } },
      '/lifecycle/ignoreChanges/0 pattern',
    ],
    ['a spec of text', { spec: 'modelName: gpt-4o' }, '/spec type'],
  ])('has no room for %s', (_, change, expected) => {
    const validate = validators['anam/LLM'];
    expect(validate?.({ ...good, ...change })).toBe(false);
    expect(validate?.errors?.map((error) => `${error.instancePath} ${error.keyword}`)).toContain(expected);
  });
});

describe('a project file', () => {
  const good = {
    apiVersion: 'llmform/v1',
    kind: 'Project',
    name: 'shop',
    targets: { 'anam-prod': { vendor: 'anam', auth: { fromEnv: 'ANAM_API_KEY' } } },
  };

  it.each([
    {},
    { name: 'avatars', manifests: ['llms/**/*.yaml'], ledger: { type: 'file' }, watch: { interval: '5m' } },
    { ledger: { type: 'git' } },
    { ledger: { type: 'git', ref: 'refs/llmform/shop/ledger', remote: 'up-stream', path: 'a/.b/c.json' } },
    { guards: { maxDelete: 0, maxDeletePercent: 0, maxUpdatePercent: 100 } },
    {
      targets: {
        a: { vendor: 'plug-in', auth: { fromFile: 'key' }, timeout: '500ms', requestsPerSecond: 0.5 },
      },
    },
  ])('may say %j', (more) => {
    expect(validators.project?.({ ...good, ...more })).toBe(true);
  });

  it.each<[object, string]>([
    [{ ledger: { type: 'redis' } }, '/ledger/type enum'],
    [{ ledger: { type: 'file', ref: 'refs/llmform/ledger' } }, '/ledger/ref false schema'],
    [{ ledger: { type: 'git', ref: 'main' } }, '/ledger/ref pattern'],
    [{ ledger: { type: 'git', ref: 'refs/llmform/../heads' } }, '/ledger/ref pattern'],
    [{ ledger: { type: 'git', ref: 'refs/llmform/a.lock' } }, '/ledger/ref pattern'],
    [{ ledger: { type: 'git', remote: '--upload-pack=x' } }, '/ledger/remote pattern'],
    [{ ledger: { type: 'git', remote: 'https://x.test/y' } }, '/ledger/remote pattern'],
    [{ ledger: { type: 'git', path: '../ledger.json' } }, '/ledger/path pattern'],
    [{ ledger: { type: 'git', path: '/ledger.json' } }, '/ledger/path pattern'],
    [{ ledger: { type: 'git', path: '.git/config' } }, '/ledger/path pattern'],
    [{ targets: {} }, '/targets minProperties'],
    [{ targets: { 'a/b': good.targets['anam-prod'] } }, '/targets propertyNames'],
    [{ targets: { a: { vendor: 'anam' } } }, '/targets/a required'],
    [{ targets: { a: { vendor: 'anam', auth: 'sk-live' } } }, '/targets/a/auth type'],
    [{ targets: { a: { ...good.targets['anam-prod'], timeout: '30' } } }, '/targets/a/timeout pattern'],
    [{ targets: { a: { ...good.targets['anam-prod'], timeout: '0s' } } }, '/targets/a/timeout pattern'],
    [{ targets: { a: { ...good.targets['anam-prod'], concurrency: 0 } } }, '/targets/a/concurrency minimum'],
    [{ targets: { a: { ...good.targets['anam-prod'], baseUrl: 'ftp://x' } } }, '/targets/a/baseUrl pattern'],
    [{ guards: { maxDelete: 1.5 } }, '/guards/maxDelete type'],
    [{ guards: { maxDeletePercent: 101 } }, '/guards/maxDeletePercent maximum'],
    [{ guard: {} }, ' additionalProperties'],
  ])('may not say %j', (more, expected) => {
    expect(validators.project?.({ ...good, ...more })).toBe(false);
    const found = validators.project?.errors ?? [];
    expect(found.map((error) => `${error.instancePath} ${error.keyword}`)).toContain(expected);
    expect(JSON.stringify(found)).not.toContain('sk-live');
  });
});

function violations(name: string, spec: object) {
  const validate = validators[name];
  validate?.(manifestOf(name, spec, { id: '42' }));
  return validate?.errors ?? [];
}
