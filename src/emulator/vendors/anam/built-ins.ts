import type { JsonObject } from '../../../model/json.js';

const shared: JsonObject = {
  isDefault: true,
  isGlobal: true,
  createdByOrganizationId: null,
  createdAt: '2026-04-20T10:00:00.000Z',
};

/** LLMs that every organization sees and none may change. Not every id of these is a UUID. */
export const builtIns: readonly JsonObject[] = [
  {
    ...shared,
    id: 'a7cf662c-2ace-4de1-a21e-ef0fbf144bb7',
    displayName: 'GPT-4o',
    description: 'OpenAI GPT-4o default configuration.',
    urls: [{ url: 'https://api.openai.com/v1/chat/completions' }],
    modelName: 'gpt-4o',
    temperature: 0.7,
    maxTokens: 1024,
    displayTags: ['openai'],
  },
  {
    ...shared,
    id: 'ANAM_LLAMA_v3_3_70B_V1',
    displayName: 'Llama 3.3 70B',
    llmFormat: 'groq_openai',
    urls: [{ url: 'https://api.groq.com/openai/v1/chat/completions', region: 'default' }],
    modelName: 'llama-3.3-70b-versatile',
    isZdr: true,
  },
];
