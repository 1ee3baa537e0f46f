import { isEmpty, type JsonObject } from '../../../model/json.js';
import {
  amount,
  type Check,
  choice,
  flag,
  link,
  list,
  map,
  nullable,
  object,
  type Problem,
  record,
  refused,
  text,
} from '../../shape.js';
import { checkCredentials } from './credentials.js';
import type { GoodmemOptions } from './options.js';

export const capabilityNames: readonly string[] = [
  'supportsChat',
  'supportsCompletion',
  'supportsFunctionCalling',
  'supportsSystemMessages',
  'supportsStreaming',
  'supportsSamplingParameters',
];

const providers = [
  'OPENAI',
  'LITELLM_PROXY',
  'OPEN_ROUTER',
  'VLLM',
  'OLLAMA',
  'LLAMA_CPP',
  'CUSTOM_OPENAI_COMPATIBLE',
];
const dialects = ['LLM_NATIVE_TEXT', 'LLM_NATIVE_MULTIMODAL', 'OPENAI_COMPATIBLE'];
const int32 = { whole: true, min: -(2 ** 31), max: 2 ** 31 - 1 } as const;
const positive = { whole: true, min: 1, max: 2 ** 31 - 1 } as const;

/** Finds mistakes in the body of a create. */
export function checkCreate(options: GoodmemOptions, body: JsonObject): Problem[] {
  const isC = options.generation === 'C';
  const problems = record(
    {
      ...common(options, nullable),
      displayName: text({ min: 1, max: 255 }),
      providerType: choice(isC ? [...providers, 'DASHSCOPE'] : providers),
      apiPath: nullable(text()),
      labels: nullable(labels(options)),
      capabilities: capabilities(options),
      ownerId: nullable(uuid()),
      llmId: nullable(uuid()),
    },
    {
      required: ['displayName', 'providerType', 'endpointUrl', 'modelIdentifier'],
      unknown: options.unknownMembers,
    },
  )(body, []);
  return [...problems, ...checkDialect(body, body.providerType)];
}

/** Finds mistakes in the body of an update of an LLM of this provider. */
export function checkUpdate(options: GoodmemOptions, body: JsonObject): Problem[] {
  const orNull = options.nullOnUpdate === 'reject' ? (check: Check) => check : nullable;
  const problems = record(
    {
      ...common(options, orNull),
      displayName: text({ min: 1, max: 255 }),
      apiPath: orNull(text({ min: 1 })),
      replaceLabels: orNull(labels(options)),
      mergeLabels: orNull(labels(options)),
      capabilities: capabilities(
        options,
        options.missingCapability === 'reject' ? capabilityNames : undefined,
      ),
    },
    { unknown: options.unknownMembers },
  )(body, []);
  if (Object.hasOwn(body, 'replaceLabels') && Object.hasOwn(body, 'mergeLabels')) {
    problems.push(...refused('must not be sent together with mergeLabels')({}, ['replaceLabels']));
  }
  if (options.emptyUpdate === 'reject' && !hasEffect(options, body)) {
    problems.push(...refused('holds nothing to update')({}, []));
  }
  return problems;
}

/** `dashscopeApiDialect` goes with one provider only. */
export function checkDialect(body: JsonObject, provider: unknown): Problem[] {
  if (isEmpty(body.dashscopeApiDialect) || provider === 'DASHSCOPE') return [];
  return refused('needs providerType DASHSCOPE')({}, ['dashscopeApiDialect']);
}

export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);
}

/** True if an update changes something: no modalities, no added labels and an ignored null say nothing. */
function hasEffect(options: GoodmemOptions, body: JsonObject): boolean {
  return Object.entries(body).some(([name, value]) => {
    if (name === 'supportedModalities' || name === 'mergeLabels') return !isEmpty(value);
    return value !== null || options.nullOnUpdate === 'clear';
  });
}

function common(options: GoodmemOptions, orNull: (check: Check) => Check): Record<string, Check> {
  const fields: Record<string, Check> = {
    description: orNull(text()),
    endpointUrl: link(),
    modelIdentifier: text({ min: 1 }),
    supportedModalities: list(choice(['TEXT', 'IMAGE', 'AUDIO', 'VIDEO'])),
    credentials: orNull(checkCredentials),
    version: orNull(text()),
    monitoringEndpoint: orNull((value, path) => (value === '' ? [] : link()(value, path))),
    defaultSamplingParams: sampling(options),
    maxContextLength: orNull(amount(int32)),
    clientConfig: orNull(object()),
  };
  return options.generation === 'C' ? { ...fields, dashscopeApiDialect: orNull(choice(dialects)) } : fields;
}

function capabilities(options: GoodmemOptions, required: readonly string[] = []): Check {
  return record(Object.fromEntries(capabilityNames.map((name) => [name, flag()])), {
    required,
    unknown: options.unknownMembers,
  });
}

function sampling(options: GoodmemOptions): Check {
  return record(
    {
      maxTokens: amount(positive),
      temperature: amount(),
      topP: amount({ min: 0, max: 1 }),
      topK: amount(positive),
      frequencyPenalty: amount(),
      presencePenalty: amount(),
      stopSequences: list(text()),
    },
    { unknown: options.unknownMembers },
  );
}

function labels(options: GoodmemOptions): Check {
  return map(text({ max: options.labels.longestValue }), options.labels);
}

function uuid(): Check {
  return (value, path) =>
    typeof value === 'string' && isUuid(value) ? [] : refused('must be a UUID')(value, path);
}
