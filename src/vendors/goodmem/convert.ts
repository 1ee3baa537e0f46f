import { parseExact } from '../../model/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { expectId, pick } from '../../model/parse-answer.js';
import type { Live } from '../../model/vendor.js';

/** `credentials` is left out on purpose: some answers show it, and nothing read from a vendor may hold a secret. */
const FIELDS = [
  'displayName',
  'description',
  'providerType',
  'endpointUrl',
  'apiPath',
  'modelIdentifier',
  'supportedModalities',
  'labels',
  'version',
  'monitoringEndpoint',
  'capabilities',
  'defaultSamplingParams',
  'maxContextLength',
  'clientConfig',
  'ownerId',
  'dashscopeApiDialect',
];

export function toWire(spec: JsonObject): JsonObject {
  return { ...spec };
}

/**
 * The update page's examples show numbers, booleans, labels and lists as strings; recorded answers show proper
 * types. Both are read.
 */
export function fromWire(body: JsonObject): Live {
  const spec = pick(body, FIELDS);
  for (const name of [
    'labels',
    'supportedModalities',
    'capabilities',
    'defaultSamplingParams',
    'clientConfig',
  ]) {
    if (spec[name] !== undefined) spec[name] = parsed(spec[name]);
  }
  if (spec.maxContextLength !== undefined) spec.maxContextLength = number(spec.maxContextLength);
  if (isObject(spec.capabilities)) spec.capabilities = mapValues(spec.capabilities, boolean);
  if (isObject(spec.defaultSamplingParams)) {
    const { stopSequences, ...numbers } = spec.defaultSamplingParams;
    spec.defaultSamplingParams = mapValues(numbers, number);
    if (stopSequences !== undefined) spec.defaultSamplingParams.stopSequences = parsed(stopSequences);
  }
  return { id: expectId(body.llmId, 'llmId'), spec, body };
}

/** A string that holds a JSON object or array, as that; anything else as it is. */
function parsed(value: Json | undefined): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value ?? null;
  try {
    return parseExact(value);
  } catch {
    return value;
  }
}

function number(value: Json): Json {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : value;
}

function boolean(value: Json): Json {
  return value === 'true' ? true : value === 'false' ? false : value;
}

function mapValues(object: JsonObject, convert: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value)]));
}
