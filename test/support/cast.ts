import type { JsonObject } from '../../src/model/json.js';
import { documentsOf } from './document.js';

/** The objects that a vendor's scenarios play with. */
export interface Cast {
  vendor: string;
  /** The kind of most objects. */
  kind: string;
  /** Manifests that all others need. */
  common: readonly JsonObject[];
  /** Any number of different objects; `changes` are fields of their specs. */
  llm(i: number, changes?: JsonObject): JsonObject;
  /** Fields of an update that sends one request. */
  updated: JsonObject;
  /** Fields that only a new object can have; absent where an update can change everything. */
  replaced?: JsonObject;
  /** The i-th object as somebody else would have made it. */
  foreign(i: number): JsonObject;
  /** The map that belongs to people, where there is one. */
  map?: string;
  /** The stored field that holds a secret, and what it looks like there. */
  secret: { kind: string; read(hidden: JsonObject): unknown };
}

const url = 'https://llm.example.com/v1/chat/completions';
const secret = { fromEnv: 'SECRET' };

const ofLiveavatar = documentsOf('liveavatar');
const ofAnam = documentsOf('anam');
const ofGoodmem = documentsOf('goodmem');
const ofFlashback = documentsOf('flashback');

export const CASTS: Readonly<Record<'liveavatar' | 'anam' | 'goodmem' | 'flashback', Cast>> = {
  liveavatar: {
    vendor: 'liveavatar',
    kind: 'LLM',
    common: ['openai', 'second'].map((name) =>
      ofLiveavatar('Secret', name, {
        secret_name: name,
        secret_type: 'OPENAI_API_KEY',
        secret_value: secret,
      }),
    ),
    llm: (i, changes = {}) =>
      ofLiveavatar('LLM', `llm-${i}`, {
        display_name: `LLM ${i}`,
        model_name: 'gpt-4o',
        secret_id: { ref: i % 2 === 0 ? 'Secret/openai' : 'Secret/second' },
        ...changes,
      }),
    updated: { model_name: 'gpt-5' },
    foreign: (i) => ({ display_name: `LLM ${i}`, model_name: 'theirs' }),
    secret: { kind: 'Secret', read: ({ secret_value }) => secret_value },
  },
  anam: {
    vendor: 'anam',
    kind: 'LLM',
    common: [],
    llm: (i, changes = {}) =>
      ofAnam('LLM', `llm-${i}`, {
        displayName: `LLM ${i}`,
        llmFormat: 'openai',
        modelName: 'gpt-4o',
        urls: [{ url }],
        secret,
        metadata: { team: 'support' },
        ...changes,
      }),
    updated: { modelName: 'gpt-5', metadata: { team: 'sales' } },
    replaced: { llmFormat: 'gemini' },
    foreign: (i) => ({
      displayName: `LLM ${i}`,
      llmFormat: 'openai',
      modelName: 'theirs',
      urls: [{ url }],
      metadata: { theirs: 'kept' },
    }),
    map: 'metadata',
    secret: { kind: 'LLM', read: (hidden) => hidden.secret },
  },
  goodmem: {
    vendor: 'goodmem',
    kind: 'LLM',
    common: [],
    llm: (i, changes = {}) =>
      ofGoodmem('LLM', `llm-${i}`, {
        displayName: `LLM ${i}`,
        providerType: 'OPENAI',
        endpointUrl: 'https://llm.example.com/v1',
        modelIdentifier: `model-${i}`,
        credentials: { kind: 'CREDENTIAL_KIND_API_KEY', apiKey: { inlineSecret: secret } },
        labels: { team: 'support' },
        ...changes,
      }),
    updated: { description: 'Changed.', labels: { team: 'sales' } },
    replaced: { providerType: 'VLLM' },
    foreign: (i) => ({
      displayName: `LLM ${i}`,
      providerType: 'OPENAI',
      endpointUrl: 'https://theirs.example.com/v1',
      modelIdentifier: `theirs-${i}`,
      labels: { theirs: 'kept' },
    }),
    map: 'labels',
    secret: {
      kind: 'LLM',
      read: (hidden) => memberOf(memberOf(hidden.credentials, 'apiKey'), 'inlineSecret'),
    },
  },
  flashback: {
    vendor: 'flashback',
    kind: 'LLM',
    common: [],
    llm: (i, changes = {}) =>
      ofFlashback('LLM', `llm-${i}`, {
        name: `llm-${i}`,
        aiType: 'OPENAI',
        workspaceId: 'workspace-1',
        endpoint: 'https://llm.example.com/v1',
        secret,
        ...changes,
      }),
    updated: { aiType: 'OTHER' },
    replaced: { workspaceId: 'workspace-2' },
    foreign: (i) => ({
      name: `llm-${i}`,
      aiType: 'OPENAI',
      workspaceId: 'workspace-1',
      endpoint: 'https://theirs.example.com/v1',
    }),
    secret: { kind: 'LLM', read: (hidden) => hidden.secret },
  },
};

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
