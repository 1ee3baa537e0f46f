import type { ApplyReport } from '../../src/model/outcome.js';
import { asShownPlan, type Change, type Plan, type ShownPlan } from '../../src/model/plan.js';
import type { Target } from '../../src/model/project.js';

export function target(name: string, vendor: string, baseUrl: string): Target {
  const limits = { concurrency: 4, requestsPerSecond: 8, timeoutMs: 30_000 };
  return { name, vendor, baseUrl, auth: { fromEnv: 'KEY' }, ...limits };
}

export const targets: Target[] = [
  target('anam-prod', 'anam', 'https://api.anam.ai'),
  target('avatars', 'liveavatar', 'https://api.liveavatar.com'),
  target('memory', 'goodmem', 'https://goodmem.example:8080'),
  target('flashback-test', 'flashback', 'https://backend.flashback.tech'),
];

export function change(address: string, action: Change['action'], more: Partial<Change> = {}): Change {
  const [, kind = '', name = ''] = address.split('/');
  return { address, vendor: 'anam', kind, name, action, fields: [], requests: [], ...more };
}

/** A plan whose summary counts its changes. */
export function planOf(changes: Change[], more: Partial<Plan> = {}): ShownPlan {
  const number = (action: Change['action']) => changes.filter((c) => c.action === action).length;
  return asShownPlan({
    formatVersion: '1',
    project: 'avatars',
    fingerprint: `sha256:${'4f'.repeat(32)}`,
    options: { targets: [], prune: false, adopt: false, trustSecrets: false },
    summary: {
      create: number('create'),
      update: number('update'),
      replace: number('replace'),
      adopt: number('adopt'),
      delete: number('delete'),
      orphan: number('orphan'),
      forget: number('forget'),
      noop: 12,
    },
    requests: { read: 4, write: changes.flatMap((c) => c.requests).length },
    changes,
    diagnostics: [],
    ...more,
  });
}

const promptBefore = `You are Mia, a kind assistant of the ticket office. You answer in one or two short sentences.
Never promise refunds. If somebody is angry, stay calm and offer to connect them with a person.

Opening hours are 9 to 17 on weekdays. On holidays the office is closed.
Prices are on the web page; do not quote them.`;

const promptAfter = promptBefore
  .replace('a kind assistant', 'a patient, cheerful assistant')
  .replace('9 to 17', '8 to 18')
  .concat('\nSay goodbye in the language of the visitor.');

const anamId = '7c0c1d2e-5a44-4f0e-9f1c-0d8b8f1a2b3c';
const memoryId = '01923e5c-7c1f-7a55-9b7d-2f3b1c9d8e7f';

/** All actions, all vendors, the way a busy day looks. */
export const busyPlan: ShownPlan = planOf([
  change('anam-prod/LLM/legacy', 'delete', {
    id: '0f0e0d0c-1111-4222-8333-444455556666',
    requests: [{ method: 'DELETE', path: '/v1/llms/0f0e0d0c-1111-4222-8333-444455556666' }],
  }),
  change('anam-prod/LLM/support', 'update', {
    id: anamId,
    source: { file: 'llms/support.yaml', line: 1 },
    fields: [
      { path: '/modelName', before: 'gpt-4o', after: 'gpt-5', cause: 'manifest' },
      { path: '/description', before: promptBefore, after: promptAfter, cause: 'drift' },
      { path: '/metadata/team', before: 'voice', after: 'avatars', last: 'chat', cause: 'both' },
      { path: '/secret', cause: 'manifest', sensitive: true, from: [{ fromEnv: 'OPENAI_API_KEY' }] },
    ],
    requests: [
      {
        method: 'PUT',
        path: `/v1/llms/${anamId}`,
        body: {
          modelName: 'gpt-5',
          secret: '(sensitive)',
          metadata: { team: 'avatars' },
          description: promptAfter,
        },
      },
    ],
  }),
  change('anam-prod/LLM/switcher', 'replace', {
    id: '9a9b9c9d-aaaa-4bbb-8ccc-ddddeeeeffff',
    source: { file: 'llms/switcher.yaml', line: 12 },
    fields: [
      {
        path: '/llmFormat',
        before: 'openai',
        after: 'anthropic',
        cause: 'manifest',
        forcesReplacement: true,
      },
      {
        path: '/urls',
        before: [{ url: 'https://api.openai.com/v1/chat/completions' }],
        after: [
          { url: 'https://api.anthropic.com/v1/messages', weight: 90 },
          { url: 'https://eu.api.anthropic.example/v1/messages', weight: 10 },
        ],
        cause: 'manifest',
      },
    ],
    requests: [
      { method: 'POST', path: '/v1/llms', body: { displayName: 'Switcher', llmFormat: 'anthropic' } },
      { method: 'DELETE', path: '/v1/llms/9a9b9c9d-aaaa-4bbb-8ccc-ddddeeeeffff' },
    ],
  }),
  change('avatars/LLM/guide', 'create', {
    vendor: 'liveavatar',
    source: { file: 'llms/guide.yaml', line: 14 },
    fields: [
      { path: '/display_name', after: 'Guide', cause: 'unknown' },
      { path: '/model_name', after: 'gpt-4o-mini', cause: 'unknown' },
      { path: '/secret_id', after: '(known after apply)', afterUnknown: 'Secret/openai', cause: 'unknown' },
    ],
    requests: [
      {
        method: 'POST',
        path: '/v1/llm-configurations',
        body: { display_name: 'Guide', model_name: 'gpt-4o-mini', secret_id: '(known after apply)' },
      },
    ],
  }),
  change('avatars/Secret/openai', 'create', {
    vendor: 'liveavatar',
    source: { file: 'llms/guide.yaml', line: 1 },
    fields: [
      { path: '/secret_name', after: 'openai', cause: 'unknown' },
      { path: '/secret_value', cause: 'unknown', sensitive: true, from: [{ fromEnv: 'OPENAI_API_KEY' }] },
    ],
    requests: [
      {
        method: 'POST',
        path: '/v1/secrets',
        body: { secret_name: 'openai', secret_value: '(sensitive)' },
      },
    ],
  }),
  change('memory/LLM/reader', 'update', {
    vendor: 'goodmem',
    id: memoryId,
    source: { file: 'llms/reader.yaml', line: 1 },
    fields: [
      {
        path: '/capabilities',
        before: { supportsChat: true, supportsCompletion: false, supportsStreaming: true },
        after: { supportsChat: true, supportsCompletion: false, supportsStreaming: false },
        cause: 'manifest',
      },
      { path: '/labels/env', after: 'prod', cause: 'manifest' },
      { path: '/labels/old', before: 'yes', cause: 'manifest' },
      { path: '/version', before: 1, after: 2, cause: 'unknown' },
    ],
    requests: [
      {
        method: 'PUT',
        path: `/v1/llms/${memoryId}`,
        body: { version: 2, replaceLabels: { env: 'prod' } },
      },
    ],
  }),
  change('memory/LLM/writer', 'adopt', {
    vendor: 'goodmem',
    id: '01923e5c-8888-7a55-9b7d-2f3b1c9d8e7f',
    source: { file: 'llms/writer.yaml', line: 1 },
    blocked: { reason: 'not-adopted' },
  }),
  change('flashback-test/LLM/spare', 'orphan', { vendor: 'flashback', id: '4711' }),
]);

export const mixedReport: ApplyReport = {
  formatVersion: '1',
  fingerprint: `sha256:${'4f'.repeat(32)}`,
  summary: { applied: 2, failed: 1, stale: 1, skipped: 1 },
  requests: { read: 11, write: 4 },
  outcomes: [
    { address: 'anam-prod/LLM/support', action: 'update', status: 'applied', id: anamId },
    {
      address: 'anam-prod/LLM/sales',
      action: 'create',
      status: 'applied',
      id: '11111111-5a44-4f0e-9f1c-0d8b8f1a2b3c',
      notPersisted: ['/temperature', '/maxTokens'],
    },
    {
      address: 'avatars/LLM/guide',
      action: 'create',
      status: 'failed',
      error: { code: 'invalid', message: 'model_name: unknown model', httpStatus: 422 },
    },
    {
      address: 'memory/LLM/reader',
      action: 'update',
      status: 'stale',
      id: memoryId,
      error: { code: 'stale', message: 'version is not what the plan saw' },
    },
    {
      address: 'memory/LLM/writer',
      action: 'adopt',
      status: 'skipped',
      id: '01923e5c-8888-7a55-9b7d-2f3b1c9d8e7f',
      error: { code: 'adopt', message: 'not ours yet' },
    },
  ],
  diagnostics: [
    {
      severity: 'warning',
      code: 'not-persisted',
      summary: 'Anam did not keep /temperature and /maxTokens',
      address: 'anam-prod/LLM/sales',
    },
  ],
};
