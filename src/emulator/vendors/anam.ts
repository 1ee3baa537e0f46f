import { randomUUID } from 'node:crypto';
import { stringifyExact } from '../../model/exact-json.js';
import type { Json, JsonObject } from '../../model/json.js';
import {
  type EmulatedApi,
  type EmulatedCall,
  type EmulatedReply,
  type EmulatedRoute,
  jsonReply,
  vendorEmulator,
} from '../api.js';
import type { Problem } from '../shape.js';
import { createStore, type Store, type Stored } from '../store.js';
import { builtIns } from './anam/built-ins.js';
import { checkCreate, checkUpdate, kept, shownLlm, updated } from './anam/fields.js';
import { listRoute } from './anam/listing.js';
import { type AnamOptions, anamOptions } from './anam/options.js';

/** Anam: the LLMs of one organization, beside the built-in ones that every organization has. */
export const emulator = vendorEmulator<AnamOptions>({
  credential: 'anam-emulator-key',
  options: anamOptions,
  open,
});

const path = '/v1/llms';

function open(options: AnamOptions): EmulatedApi {
  const organization = randomUUID();
  const llms = llmStore(options, organization);
  for (const llm of builtIns) llms.add(llm, true);
  const refuse = (status: number, message: string, facts: { problems?: Problem[]; sent?: Json } = {}) =>
    refusal(options, status, message, facts);
  return {
    stores: { LLM: llms },
    routes: [
      listRoute(options, llms, organization, refuse),
      ...objectRoutes(options, llms, organization, refuse),
    ],
    auth: { header: 'authorization', prefix: 'Bearer ' },
    invalid: 400,
    refuse,
  };
}

function objectRoutes(
  options: AnamOptions,
  llms: Store,
  organization: string,
  refuse: EmulatedApi['refuse'],
): EmulatedRoute[] {
  /** Runs `work` on an LLM that is ours to change. */
  function onOwn(id: string, work: (stored: Stored) => EmulatedReply): EmulatedReply {
    const stored = llms.get(id);
    if (!stored) return refuse(404, 'LLM not found');
    if (stored.shown.createdByOrganizationId !== organization) {
      return refuse(403, 'LLMs of other organizations cannot be changed');
    }
    return work(stored);
  }

  function update({ id, body }: EmulatedCall): EmulatedReply {
    return onOwn(id, (stored) => {
      const urls = stored.shown.urls;
      const several = Array.isArray(urls) && urls.length > 1;
      if (several && body.url !== undefined && options.urlOnSeveral === 'reject') {
        return refuse(400, 'url cannot replace several urls', { sent: body });
      }
      if (Object.keys(body).length > 0) {
        llms.change(stored, { ...updated(options, stored.shown, body), updatedAt: now() });
      }
      return { status: 200, text: llms.text(stored) };
    });
  }

  const object = { path: `${path}/:id`, kind: 'LLM' };
  return [
    {
      method: 'POST',
      path,
      kind: 'LLM',
      body: (body) => checkCreate(options, body),
      run: ({ body }) => ({ status: 201, text: llms.text(llms.add(kept(options, body))) }),
    },
    {
      ...object,
      method: 'GET',
      run({ id }) {
        const stored = llms.get(id);
        return stored ? { status: 200, text: llms.text(stored) } : refuse(404, 'LLM not found');
      },
    },
    { ...object, method: 'PUT', body: (body) => checkUpdate(options, body), run: update },
    {
      ...object,
      method: 'DELETE',
      run: ({ id }) =>
        onOwn(id, () => {
          llms.remove(id);
          return { status: 204 };
        }),
    },
  ];
}

function llmStore(options: AnamOptions, organization: string): Store {
  return createStore({
    idField: 'id',
    writeOnly: ['secret'],
    fill: (fields): JsonObject => ({
      id: '',
      displayName: 'Unnamed',
      llmFormat: 'openai',
      urls: [],
      modelName: null,
      isDefault: false,
      isGlobal: false,
      isZdr: false,
      createdByOrganizationId: organization,
      createdAt: now(),
      updatedAt: null,
      ...fields,
    }),
    touched: () => ({ updatedAt: now() }),
    view: (stored) => shownLlm(options, stored.shown),
    viewKey: () => options.unset,
  });
}

function refusal(
  options: AnamOptions,
  status: number,
  message: string,
  { problems = [], sent = null }: { problems?: Problem[]; sent?: Json } = {},
): EmulatedReply {
  switch (options.errorBody) {
    case 'error':
      return jsonReply(status, { error: message });
    case 'message':
      return jsonReply(status, { message });
    case 'details': {
      const details = problems.map(({ path, message, code }) => ({ path: path.join('.'), message, code }));
      // Validation errors of a sibling endpoint mirror the request, and so a secret.
      return jsonReply(status, { error: message, details, summary: `Invalid: ${stringifyExact(sent)}` });
    }
    case 'empty':
      return { status };
    case 'html':
      return { status, type: 'text/html', text: `<!doctype html><title>${status}</title>` };
  }
}

function now(): string {
  return new Date().toISOString();
}
