import { isObject, type Json, type JsonObject } from '../../../model/json.js';
import {
  amount,
  type Check,
  choice,
  link,
  list,
  object,
  omit,
  type Problem,
  record,
  refused,
  storedMembers,
  text,
} from '../../shape.js';
import type { AnamOptions } from './options.js';

const createFormats = ['openai', 'azure_openai', 'groq_openai', 'gemini', 'advanced_voice', 'none'];
const updateFormats = ['openai', 'azure_openai', 'groq_openai', 'anthropic', 'custom'];

const common: Record<string, Check> = {
  displayName: text(),
  description: text(),
  modelName: text(),
  secret: text(),
  metadata: object(),
  reasoningEffort: choice(['default', 'low', 'medium', 'high']),
  reasoningFormat: choice(['parsed', 'raw', 'hidden']),
};

/** Readable fields without a documented way to write them, with the types that they are read with. */
const unlisted: Record<string, Check> = {
  temperature: amount(),
  maxTokens: amount({ whole: true }),
  deploymentName: text(),
  apiVersion: text(),
  displayTags: list(text()),
};

/** Finds mistakes in the body of a create. */
export function checkCreate(options: AnamOptions, body: JsonObject): Problem[] {
  return record(
    { ...common, ...unlistedChecks(options), urls: urls(options), llmFormat: choice(createFormats) },
    {
      required: ['displayName', 'urls', 'llmFormat', 'modelName', 'secret'],
      unknown: options.unknownMembers,
    },
  )(body, []);
}

/** Finds mistakes in the body of an update of an LLM that has `urlCount` URLs now. */
export function checkUpdate(options: AnamOptions, body: JsonObject): Problem[] {
  const several = options.urlsOnUpdate === 'reject' ? refused('cannot be updated') : urls(options);
  const problems = record(
    { ...common, ...unlistedChecks(options), url: text(), urls: several, llmFormat: choice(updateFormats) },
    { unknown: options.unknownMembers },
  )(body, []);
  if (options.emptyUpdate === 'reject' && Object.keys(body).length === 0) {
    problems.push(...refused('must not be empty')(body, []));
  }
  return problems;
}

/** The fields of a body that this vendor keeps, apart from `url` and `metadata` of an update. */
export function kept(options: AnamOptions, body: JsonObject): JsonObject {
  const names = [...Object.keys(common), 'llmFormat', 'urls'];
  if (options.unlisted === 'store') names.push(...Object.keys(unlisted));
  const fields = storedMembers(body, names, options.unknownMembers, [
    ...Object.keys(unlisted),
    'url',
    'urls',
  ]);
  return Array.isArray(fields.urls) ? { ...fields, urls: fields.urls.map(endpoint(options)) } : fields;
}

/** The fields that an update changes: `url` takes the place of `urls`. */
export function updated(options: AnamOptions, before: JsonObject, body: JsonObject): JsonObject {
  const fields = kept(options, options.urlsOnUpdate === 'accept' ? body : omit(body, ['urls']));
  if (isObject(fields.metadata) && options.metadataOnUpdate === 'merge' && isObject(before.metadata)) {
    fields.metadata = { ...before.metadata, ...fields.metadata };
  }
  if (typeof body.url === 'string') {
    const others = Array.isArray(before.urls) && options.urlOnSeveral === 'replace-first';
    const rest = others && Array.isArray(before.urls) ? before.urls.slice(1) : [];
    fields.urls = [endpoint(options)({ url: body.url }), ...rest];
  }
  return fields;
}

/** An LLM as an answer shows it, with what was never set in the form that `unset` names. */
export function shownLlm(options: AnamOptions, shown: JsonObject): JsonObject {
  return { ...unsetForms[options.unset], ...shown };
}

const unsetForms: Record<AnamOptions['unset'], JsonObject> = {
  sample: {
    description: null,
    temperature: null,
    maxTokens: null,
    deploymentName: null,
    apiVersion: null,
    metadata: {},
    displayTags: [],
  },
  null: {
    description: null,
    temperature: null,
    maxTokens: null,
    deploymentName: null,
    apiVersion: null,
    metadata: null,
    displayTags: null,
    reasoningEffort: null,
    reasoningFormat: null,
  },
  absent: {},
  empty: { description: '', deploymentName: '', apiVersion: '', metadata: {}, displayTags: [] },
};

function unlistedChecks(options: AnamOptions): Record<string, Check> {
  if (options.unlisted !== 'reject') return unlisted;
  return Object.fromEntries(Object.keys(unlisted).map((name) => [name, refused('is not a known field')]));
}

function urls(options: AnamOptions): Check {
  const region = options.unlisted === 'reject' ? refused('is not a known field') : text();
  // The schema does not require `url`, but an endpoint without one can only be a mistake of the sender.
  return list(record({ url: link('any'), region }, { required: ['url'], unknown: options.unknownMembers }));
}

function endpoint(options: AnamOptions): (item: Json) => JsonObject {
  return (item) => {
    const fields = isObject(item)
      ? storedMembers(
          item,
          options.unlisted === 'store' ? ['url', 'region'] : ['url'],
          options.unknownMembers,
          ['region'],
        )
      : {};
    return options.fillsRegion ? { region: 'default', ...fields } : fields;
  };
}
