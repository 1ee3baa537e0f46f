import { randomUUID } from 'node:crypto';
import { isEmpty, isObject, type JsonObject } from '../../model/json.js';
import {
  type EmulatedApi,
  type EmulatedCall,
  type EmulatedReply,
  type EmulatedRoute,
  jsonReply,
  vendorEmulator,
} from '../api.js';
import { describe } from '../shape.js';
import { createStore, type Store, type Stored } from '../store.js';
import { duplicateKey } from './goodmem/credentials.js';
import { capabilityNames, checkCreate, checkDialect, checkUpdate, isUuid } from './goodmem/fields.js';
import { type GoodmemOptions, goodmemOptions } from './goodmem/options.js';
import { view } from './goodmem/view.js';
import { changedFields, createdLlm, newLlm } from './goodmem/write.js';

/** GoodMem: the LLMs that one caller of a self-hosted server owns or may see. */
export const emulator = vendorEmulator<GoodmemOptions>({
  credential: 'gm_emulator_key',
  options: goodmemOptions,
  open,
});

const path = '/v1/llms';

function open(options: GoodmemOptions): EmulatedApi {
  const caller = randomUUID();
  const llms = llmStore(options, caller);
  const refuse = (status: number, message: string) => refusal(options, status, message);
  return {
    stores: { LLM: llms },
    routes: [infoRoute(options), listRoute(options, llms), ...objectRoutes(options, llms, caller, refuse)],
    auth: { header: 'x-api-key', prefix: '' },
    invalid: 400,
    refuse,
    intercept: (asked) =>
      options.redirectTo === null
        ? undefined
        : { status: 307, headers: { location: options.redirectTo + asked } },
  };
}

function infoRoute(options: GoodmemOptions): EmulatedRoute {
  return {
    method: 'GET',
    path: '/v1/system/info',
    open: true,
    run() {
      const patch = options.generation === 'C' ? 320 : 260;
      return jsonReply(200, {
        version: `1.0.${patch}`,
        major: 1,
        minor: 0,
        patch,
        gitCommit: '0000000',
        buildTime: '2026-06-01T00:00:00Z',
        capabilities: {},
      });
    },
  };
}

function listRoute(options: GoodmemOptions, llms: Store): EmulatedRoute {
  return {
    method: 'GET',
    path,
    kind: 'LLM',
    query: (name) => ['ownerId', 'providerType'].includes(name) || labelOf(options, name) !== undefined,
    run({ query }) {
      const filters = [...query];
      const listed = llms.all().filter(({ id, shown }) => {
        if (options.hiddenFromList.has(id)) return false;
        return filters.every(([name, value]) => {
          const label = labelOf(options, name);
          if (label === undefined) return shown[name] === value;
          return isObject(shown.labels) && shown.labels[label] === value;
        });
      });
      return { status: 200, text: `{"llms":[${listed.map(llms.text).join(',')}]}` };
    },
  };
}

/** The label that a query parameter filters by. */
function labelOf(options: GoodmemOptions, name: string): string | undefined {
  const [, dotted, bracketed] = /^label(?:\.(.+)|\[(.+)\])$/.exec(name) ?? [];
  return dotted ?? (options.generation === 'C' ? bracketed : undefined);
}

function objectRoutes(
  options: GoodmemOptions,
  llms: Store,
  caller: string,
  refuse: EmulatedApi['refuse'],
): EmulatedRoute[] {
  function onStored(id: string, work: (stored: Stored) => EmulatedReply): EmulatedReply {
    if (!isUuid(id)) return refuse(400, 'The id is not a UUID');
    const stored = llms.get(id.toLowerCase());
    return stored ? work(stored) : refuse(404, `LLM ${id} not found`);
  }

  function hasDuplicate(shown: JsonObject, hidden: JsonObject, self?: Stored): boolean {
    const key = duplicateKey(shown, hidden.credentials);
    return llms
      .all()
      .some((other) => other !== self && duplicateKey(other.shown, other.hidden.credentials) === key);
  }

  function create({ body }: EmulatedCall): EmulatedReply {
    const llm = createdLlm(options, body, caller);
    const { shown, hidden } = llms.split(llm);
    if (llms.get(String(shown.llmId))) return refuse(409, 'An LLM with this id exists');
    if (hasDuplicate(shown, hidden)) return refuse(409, 'An LLM with this connection exists');
    const stored = llms.add(llm);
    const sent = isObject(body.capabilities) ? body.capabilities : {};
    const statuses = capabilityNames
      .filter((name) => !Object.hasOwn(sent, name))
      .map((name) => ({ code: 'LLM_CAPABILITY_INFERRED', message: `${name} was inferred` }));
    return jsonReply(options.createStatus, {
      llm: llms.view(stored),
      statuses: statuses.length > 0 ? statuses : null,
    });
  }

  function update({ id, body }: EmulatedCall): EmulatedReply {
    return onStored(id, (stored) => {
      const changes = changedFields(options, stored.shown, body);
      const problems = checkDialect(body, stored.shown.providerType);
      if (Object.keys(isObject(changes.labels) ? changes.labels : {}).length > options.labels.max) {
        return refuse(400, 'Too many labels');
      }
      if (problems.length > 0) return refuse(400, problems.map(describe).join('; '));
      if (isEmpty(changes)) return jsonReply(200, llms.view(stored));
      const { shown, hidden } = llms.split(changes);
      const after = { ...stored.shown, ...shown };
      if (
        options.duplicateOnUpdate !== 'allow' &&
        hasDuplicate(after, { ...stored.hidden, ...hidden }, stored)
      ) {
        const status = options.duplicateOnUpdate === 'conflict' ? 409 : 500;
        return refuse(status, 'An LLM with this connection exists');
      }
      llms.change(stored, { ...changes, updatedAt: Date.now(), updatedById: caller });
      return jsonReply(200, llms.view(stored));
    });
  }

  const object = { path: `${path}/:id`, kind: 'LLM' };
  return [
    { method: 'POST', path, kind: 'LLM', body: (body) => checkCreate(options, body), run: create },
    {
      ...object,
      method: 'GET',
      query: (name) =>
        options.generation === 'C' && ['includeCredentials', 'include_credentials'].includes(name),
      run: ({ id, query }) =>
        onStored(id, (stored) => jsonReply(200, view(options, stored, [...query.values()].includes('true')))),
    },
    { ...object, method: 'PUT', body: (body) => checkUpdate(options, body), run: update },
    {
      ...object,
      method: 'DELETE',
      run: ({ id }) =>
        onStored(id, (stored) => {
          llms.remove(stored.id);
          return { status: options.deleteStatus };
        }),
    },
  ];
}

function llmStore(options: GoodmemOptions, caller: string): Store {
  return createStore({
    idField: 'llmId',
    writeOnly: ['credentials'],
    fill: (fields) => ({ ...newLlm(options, fields, caller), ...times(caller) }),
    touched: () => ({ updatedAt: Date.now() }),
    view: (stored) => view(options, stored),
    viewKey: () => `${options.unset} ${options.legacyStrings} ${options.echoesCredentials}`,
  });
}

/** Times are epoch milliseconds. */
function times(caller: string): JsonObject {
  const now = Date.now();
  return { createdAt: now, updatedAt: now, createdById: caller, updatedById: caller };
}

function refusal(options: GoodmemOptions, status: number, message: string): EmulatedReply {
  switch (options.errorBody) {
    case 'error':
      return jsonReply(status, { error: message });
    case 'message':
      return jsonReply(status, { message });
    case 'text':
      return { status, type: 'text/plain', text: message };
    case 'empty':
      return { status };
  }
}
