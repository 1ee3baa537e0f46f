import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../model/json.js';
import {
  type EmulatedApi,
  type EmulatedReply,
  type EmulatedRoute,
  jsonReply,
  vendorEmulator,
} from '../api.js';
import { choice, type Problem, pick, record, storedMembers, text } from '../shape.js';
import { createStore, type Store } from '../store.js';
import { type LiveavatarOptions, liveavatarOptions } from './liveavatar/options.js';

/** LiveAvatar: LLM configurations and write-only secrets of one space. */
export const emulator = vendorEmulator<LiveavatarOptions>({
  credential: 'liveavatar-emulator-key',
  options: liveavatarOptions,
  open,
});

const configurations = '/v1/llm-configurations';
const secretsPath = '/v1/secrets';

function open(options: LiveavatarOptions): EmulatedApi {
  const llms = llmStore(options);
  const secrets = secretStore();
  return {
    stores: { LLM: llms, Secret: secrets },
    routes: [...llmRoutes(options, llms, secrets), ...secretRoutes(options, llms, secrets)].map((route) =>
      withinSpace(options, route),
    ),
    auth: { header: 'x-api-key', prefix: '' },
    invalid: 422,
    headers: { 'x-ratelimit-reset': '1' },
    refuse: (status, message, facts) =>
      status === 422 ? invalid(options, message, facts?.problems, facts?.sent) : refuse(status, message),
  };
}

/** Every operation answers 400 to a caller without a space. */
function withinSpace(options: LiveavatarOptions, route: EmulatedRoute): EmulatedRoute {
  const run: EmulatedRoute['run'] = (call) =>
    options.hasSpace ? route.run(call) : refuse(400, 'The user has no associated space');
  return { ...route, run };
}

function llmRoutes(options: LiveavatarOptions, llms: Store, secrets: Store): EmulatedRoute[] {
  const kind = 'LLM';
  const name = text({ min: 1, max: 255 });
  const fields = { display_name: name, model_name: name, secret_id: text({ min: 1, max: 36 }) };
  const unknownSecret = (body: JsonObject) =>
    body.secret_id !== undefined && !secrets.get(String(body.secret_id));
  const known = ['display_name', 'model_name', 'secret_id', 'base_url'];

  function written(body: JsonObject): JsonObject {
    const kept = storedMembers(body, known, options.unknownMembers);
    const trim = options.trimBaseUrl && typeof kept.base_url === 'string';
    return trim ? { ...kept, base_url: String(kept.base_url).replace(/\/+$/, '') } : kept;
  }

  return [
    { method: 'GET', path: configurations, kind, run: () => listed(options, llms) },
    {
      method: 'POST',
      path: configurations,
      kind,
      body: (body) =>
        record(
          { ...fields, base_url: text() },
          { required: ['display_name', 'model_name', 'secret_id'], unknown: options.unknownMembers },
        )(body, ['body']),
      run({ body }) {
        if (unknownSecret(body)) return refuse(400, 'The secret is not valid for this space');
        return success(options, llms.view(llms.add(written(body))));
      },
    },
    {
      method: 'GET',
      path: `${configurations}/:id`,
      kind,
      run({ id }) {
        const stored = llms.get(id);
        return stored
          ? success(options, llms.view(stored))
          : refuse(404, `LLM configuration ${id} not found`);
      },
    },
    {
      method: 'PATCH',
      path: `${configurations}/:id`,
      kind,
      // Only the update has a minimum for base_url.
      body: (body) =>
        record({ ...fields, base_url: text({ min: 1 }) }, { unknown: options.unknownMembers })(body, [
          'body',
        ]),
      run({ id, body }) {
        const stored = llms.get(id);
        if (!stored) return refuse(404, `LLM configuration ${id} not found`);
        if (unknownSecret(body)) return refuse(400, 'The secret is not valid for this space');
        const changes = written(body);
        if (Object.keys(changes).length > 0) llms.change(stored, { ...changes, updated_at: now() });
        return success(options, llms.view(stored));
      },
    },
    {
      method: 'DELETE',
      path: `${configurations}/:id`,
      kind,
      run: ({ id }) =>
        llms.remove(id) ? success(options, null) : refuse(404, `LLM configuration ${id} not found`),
    },
  ];
}

function secretRoutes(options: LiveavatarOptions, llms: Store, secrets: Store): EmulatedRoute[] {
  const kind = 'Secret';
  return [
    { method: 'GET', path: secretsPath, kind, run: () => listed(options, secrets) },
    {
      method: 'POST',
      path: secretsPath,
      kind,
      body: (body) =>
        record(
          {
            secret_name: text({ min: 1, max: 255 }),
            secret_value: text({ min: 1 }),
            secret_type: options.secretTypes ? choice(options.secretTypes) : text({ min: 1 }),
          },
          { required: ['secret_name', 'secret_value', 'secret_type'], unknown: options.unknownMembers },
        )(body, ['body']),
      run({ body }) {
        const taken = secrets.all().some((stored) => stored.shown.secret_name === body.secret_name);
        if (taken && options.duplicateSecretNames === 'reject') {
          return refuse(400, 'A secret of this name exists');
        }
        const stored = secrets.add(
          storedMembers(body, ['secret_name', 'secret_value', 'secret_type'], options.unknownMembers),
        );
        return success(options, pick(stored.shown, ['id', 'secret_name']));
      },
    },
    {
      method: 'DELETE',
      path: `${secretsPath}/:id`,
      kind,
      run({ id }) {
        const used = llms.all().some((stored) => stored.shown.secret_id === id);
        if (used && options.secretInUse === 'refuse') return refuse(400, 'The secret is in use');
        return secrets.remove(id) ? success(options, null) : refuse(404, `Secret ${id} not found`);
      },
    },
  ];
}

function llmStore(options: LiveavatarOptions): Store {
  return createStore({
    idField: 'id',
    writeOnly: [],
    fill: (fields) => ({
      id: '',
      base_url: options.defaultBaseUrl,
      display_name: 'Unnamed',
      model_name: 'gpt-4o',
      secret_id: randomUUID(),
      created_at: now(),
      updated_at: now(),
      ...fields,
    }),
    touched: () => ({ updated_at: now() }),
    view: (stored) => stored.shown,
    viewKey: () => '',
  });
}

function secretStore(): Store {
  return createStore({
    idField: 'id',
    writeOnly: ['secret_value'],
    fill: (fields) => ({
      id: '',
      secret_name: 'unnamed',
      secret_type: 'LLM_API_KEY',
      created_at: now(),
      ...fields,
    }),
    // A secret has no time of change.
    touched: () => ({}),
    view: (stored) => stored.shown,
    viewKey: () => '',
  });
}

function listed(options: LiveavatarOptions, store: Store): EmulatedReply {
  const texts = store.all().map(store.text);
  if (options.order === 'newest-first') texts.reverse();
  return {
    status: 200,
    text: `{"code":${options.code},"data":[${texts.join(',')}],"message":"success"}`,
  };
}

function success(options: LiveavatarOptions, value: Json): EmulatedReply {
  return jsonReply(200, { code: options.code, data: value, message: 'success' });
}

/** The bodies of 400, 401, 404 and 405 are undocumented; this is the envelope without data. */
function refuse(status: number, message: string): EmulatedReply {
  return jsonReply(status, { code: 4000, data: null, message });
}

function invalid(
  options: LiveavatarOptions,
  message: string,
  problems: Problem[] = [],
  sent: Json = null,
): EmulatedReply {
  if (options.invalidBody === 'data') {
    return jsonReply(422, { code: 4000, data: [{ message }], message: 'Validation error' });
  }
  const whole: Problem = { path: ['body'], message, code: 'value_error', input: sent };
  const detail = (problems.length === 0 ? [whole] : problems).map(({ path, message: msg, code, input }) => ({
    loc: [...path],
    msg,
    type: code,
    // For a missing member the framework echoes the whole body, and with it a secret.
    input: code === 'missing' ? sent : input,
  }));
  return jsonReply(422, { detail });
}

function now(): string {
  return new Date().toISOString();
}
