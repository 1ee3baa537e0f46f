import type { Wanted } from './broken-vendor.js';

const secret = { fromEnv: 'SECRET' };
const url = 'https://llm.example.com/v1';

/** One kind of each vendor; LiveAvatar's two kinds differ in their operations. */
export const wanted: readonly Wanted[] = [
  {
    vendor: 'anam',
    kind: 'LLM',
    path: '/v1/llms',
    title: 'displayName',
    spec: {
      displayName: '',
      urls: [{ url: `${url}/chat` }],
      llmFormat: 'openai',
      modelName: 'm',
      metadata: { team: 'a' },
      secret,
    },
  },
  {
    vendor: 'flashback',
    kind: 'LLM',
    path: '/ai/llm',
    title: 'name',
    spec: { name: '', aiType: 'OPENAI', endpoint: url, workspaceId: 'w', secret },
  },
  {
    vendor: 'goodmem',
    kind: 'LLM',
    path: '/v1/llms',
    title: 'displayName',
    spec: {
      displayName: '',
      providerType: 'OPENAI',
      endpointUrl: url,
      modelIdentifier: 'm',
      supportedModalities: ['TEXT', 'IMAGE'],
      labels: { team: 'a' },
      defaultSamplingParams: { maxTokens: 5, stopSequences: ['END'] },
      clientConfig: { a: { b: [1] } },
      credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: secret } },
    },
  },
  {
    vendor: 'liveavatar',
    kind: 'LLM',
    path: '/v1/llm-configurations',
    title: 'display_name',
    spec: { display_name: '', model_name: 'm', base_url: url, secret_id: 'an-id' },
  },
  {
    vendor: 'liveavatar',
    kind: 'Secret',
    path: '/v1/secrets',
    title: 'secret_name',
    spec: { secret_name: '', secret_type: 'OPENAI_API_KEY', secret_value: secret },
  },
];
