import { randomUUID } from 'node:crypto';
import { isEmpty, isObject, type Json, type JsonObject } from '../../../model/json.js';
import { storedMembers } from '../../shape.js';
import { canonicalUrl } from './credentials.js';
import { capabilityNames } from './fields.js';
import type { GoodmemOptions } from './options.js';

const updateFields: readonly string[] = [
  'displayName',
  'description',
  'endpointUrl',
  'apiPath',
  'modelIdentifier',
  'supportedModalities',
  'credentials',
  'version',
  'monitoringEndpoint',
  'capabilities',
  'defaultSamplingParams',
  'maxContextLength',
  'clientConfig',
  'dashscopeApiDialect',
];
const createFields: readonly string[] = [...updateFields, 'labels', 'providerType', 'ownerId', 'llmId'];
/** Members that an update cannot write, or writes in another form. */
const notUpdated: readonly string[] = [...createFields, 'replaceLabels', 'mergeLabels'];
const defaultApiPath = '/chat/completions';

/** A whole LLM out of the body of a create. */
export function createdLlm(options: GoodmemOptions, body: JsonObject, caller: string): JsonObject {
  const sent = Object.entries(storedMembers(body, createFields, options.unknownMembers)).filter(
    ([, value]) => value !== null,
  );
  return newLlm(options, Object.fromEntries(sent), caller);
}

/** Some fields of an LLM with what the server fills in and infers. */
export function newLlm(options: GoodmemOptions, fields: JsonObject, caller: string): JsonObject {
  const { llmId, endpointUrl = 'https://api.openai.com/v1', apiPath, supportedModalities } = fields;
  return {
    displayName: 'Unnamed',
    providerType: 'OPENAI',
    modelIdentifier: 'gpt-4o',
    labels: {},
    ownerId: caller,
    ...fields,
    llmId: typeof llmId === 'string' ? llmId.toLowerCase() : randomUUID(),
    endpointUrl: storedUrl(options, endpointUrl),
    apiPath: apiPath === undefined || isEmpty(apiPath) ? defaultApiPath : apiPath,
    supportedModalities:
      supportedModalities === undefined || isEmpty(supportedModalities) ? ['TEXT'] : supportedModalities,
    capabilities: { ...allCapabilities(true), ...asObject(fields.capabilities) },
  };
}

/** The fields that an update changes, with their new values; empty where it changes nothing. */
export function changedFields(options: GoodmemOptions, before: JsonObject, body: JsonObject): JsonObject {
  const sent = Object.entries(storedMembers(body, updateFields, options.unknownMembers, notUpdated)).filter(
    ([name, value]) =>
      // Modalities cannot be emptied: an empty array changes nothing.
      !(name === 'supportedModalities' && isEmpty(value)) &&
      (value !== null || options.nullOnUpdate === 'clear'),
  );
  const changes: JsonObject = Object.fromEntries(sent);
  if (changes.endpointUrl !== undefined) changes.endpointUrl = storedUrl(options, changes.endpointUrl);
  if (changes.apiPath === null) changes.apiPath = defaultApiPath;
  if (isObject(changes.capabilities)) {
    const rest = options.missingCapability === 'keep' ? asObject(before.capabilities) : {};
    changes.capabilities = { ...allCapabilities(false), ...rest, ...changes.capabilities };
  }
  if (isObject(changes.defaultSamplingParams) && options.samplingOnUpdate === 'merge') {
    changes.defaultSamplingParams = {
      ...asObject(before.defaultSamplingParams),
      ...changes.defaultSamplingParams,
    };
  }
  if (isObject(body.replaceLabels)) changes.labels = body.replaceLabels;
  else if (isObject(body.mergeLabels) && !isEmpty(body.mergeLabels)) {
    changes.labels = { ...asObject(before.labels), ...body.mergeLabels };
  }
  return changes;
}

function storedUrl(options: GoodmemOptions, url: Json): Json {
  return options.storesCanonicalUrl && typeof url === 'string' ? canonicalUrl(url) : url;
}

function allCapabilities(value: boolean): JsonObject {
  return Object.fromEntries(capabilityNames.map((name) => [name, value]));
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
