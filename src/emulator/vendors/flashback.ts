import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import {
  type EmulatedApi,
  type EmulatedCall,
  type EmulatedReply,
  type EmulatedRoute,
  jsonReply,
  vendorEmulator,
} from '../api.js';
import { createStore, type Store, type Stored } from '../store.js';
import { checkCreate, checkUpdate, stored as storedFields } from './flashback/fields.js';
import { type FlashbackOptions, flashbackOptions } from './flashback/options.js';

/** Flashback: the AI LLM configurations in the workspaces that one user can reach. No operation reads one by id. */
export const emulator = vendorEmulator<FlashbackOptions>({
  credential: 'flashback-emulator-token',
  options: flashbackOptions,
  open,
});

const path = '/ai/llm';
const updateFields = ['name', 'aiType', 'endpoint', 'key', 'secret'];

function open(options: FlashbackOptions): EmulatedApi {
  const llms = llmStore(options);
  const refuse = (status: number, message: string) => refusal(options, status, message);
  return {
    stores: { LLM: llms },
    routes: [listRoute(options, llms, refuse), ...writeRoutes(options, llms, refuse)],
    auth: { header: 'authorization', prefix: 'Bearer ' },
    invalid: 400,
    refuse,
  };
}

function listRoute(options: FlashbackOptions, llms: Store, refuse: EmulatedApi['refuse']): EmulatedRoute {
  return {
    method: 'GET',
    path,
    kind: 'LLM',
    query: (name) => name === 'workspaceId',
    run({ query }) {
      const workspace = query.get('workspaceId');
      if (workspace !== null && !reachable(options, workspace))
        return refuse(403, 'No access to the workspace');
      const listed = llms.all().filter(({ shown }) => {
        if (!reachable(options, shown.workspaceId)) return false;
        return workspace === null || shown.workspaceId === workspace;
      });
      return { status: 200, text: `{"success":true,"aiLlms":[${listed.map(llms.text).join(',')}]}` };
    },
  };
}

function writeRoutes(options: FlashbackOptions, llms: Store, refuse: EmulatedApi['refuse']): EmulatedRoute[] {
  function onStored(id: string, work: (stored: Stored) => EmulatedReply): EmulatedReply {
    const stored = llms.get(id);
    if (!stored) return refuse(404, 'AI LLM not found');
    return reachable(options, stored.shown.workspaceId)
      ? work(stored)
      : refuse(403, 'No access to the workspace');
  }

  function isTaken(name: Json | undefined, workspace: Json | undefined, self?: Stored): boolean {
    return llms
      .all()
      .some((other) => other !== self && other.shown.name === name && other.shown.workspaceId === workspace);
  }

  function taken(): EmulatedReply {
    const message = 'An AI LLM with this name exists in the workspace';
    return options.duplicateName === 'success-false'
      ? jsonReply(200, { success: false, message })
      : refuse(options.duplicateName, message);
  }

  function create({ body }: EmulatedCall): EmulatedReply {
    if (!reachable(options, body.workspaceId)) return refuse(403, 'No access to the workspace');
    if (isTaken(body.name, body.workspaceId)) return taken();
    const llm = llms.add(storedFields(options, body, [...updateFields, 'workspaceId']));
    return jsonReply(200, { success: true, aiLlmId: llm.id, message: 'AI LLM created' });
  }

  function update({ id, body }: EmulatedCall): EmulatedReply {
    return onStored(id, (llm) => {
      if (body.name !== undefined && isTaken(body.name, llm.shown.workspaceId, llm)) return taken();
      const changes = Object.entries(storedFields(options, body, updateFields)).filter(
        ([, value]) => value !== null || options.nullOnUpdate === 'clear',
      );
      llms.change(llm, Object.fromEntries(changes));
      return jsonReply(200, { success: true, aiLlmId: id, message: 'AI LLM updated' });
    });
  }

  function remove({ id }: EmulatedCall): EmulatedReply {
    return onStored(id, ({ shown }) => {
      const repos = Array.isArray(shown.repos) ? shown.repos.filter(isObject) : [];
      if (repos.length > 0) {
        const names = repos.map((repo) => String(repo.name)).join(', ');
        return refuse(403, `The AI LLM is in use by repositories: ${names}`);
      }
      llms.remove(id);
      return jsonReply(200, { success: true, message: 'AI LLM deleted' });
    });
  }

  const object = { path: `${path}/:id`, kind: 'LLM' };
  return [
    { method: 'POST', path, kind: 'LLM', body: (body) => checkCreate(options, body), run: create },
    { ...object, method: 'PUT', body: (body) => checkUpdate(options, body), run: update },
    { ...object, method: 'DELETE', run: remove },
  ];
}

function reachable(options: FlashbackOptions, workspace: Json | undefined): boolean {
  return options.workspaces === null || options.workspaces.includes(String(workspace));
}

function llmStore(options: FlashbackOptions): Store {
  const orgId = randomUUID();
  const userId = randomUUID();
  return createStore({
    idField: 'id',
    writeOnly: ['key', 'secret'],
    fill: (fields) => ({
      id: '',
      orgId,
      workspaceId: 'workspace',
      userId,
      name: 'unnamed',
      aiType: 'OPENAI',
      endpoint: null,
      createdAt: new Date().toISOString(),
      repos: [],
      ...fields,
    }),
    // There is no time of change.
    touched: () => ({}),
    view: (stored): JsonObject => ({ ...stored.shown, key: shownKey(options, stored.hidden.key) }),
    viewKey: () => options.keyReadsAs,
  });
}

function shownKey(options: FlashbackOptions, key: Json | undefined): Json {
  return typeof key === 'string' && options.keyReadsAs === 'masked' ? `****${key.slice(-4)}` : null;
}

function refusal(options: FlashbackOptions, status: number, message: string): EmulatedReply {
  return jsonReply(options.refusesWith200 && status !== 401 ? 200 : status, { success: false, message });
}
