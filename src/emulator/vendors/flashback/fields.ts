import type { JsonObject } from '../../../model/json.js';
import {
  type Check,
  choice,
  link,
  nullable,
  type Problem,
  record,
  refused,
  storedMembers,
  text,
} from '../../shape.js';
import type { FlashbackOptions } from './options.js';

const aiType = choice(['OPENAI', 'GOOGLE', 'ANTHROPIC', 'AWS', 'OTHER']);
const filled = text({ min: 1 });

/** Finds mistakes in the body of a create. */
export function checkCreate(options: FlashbackOptions, body: JsonObject): Problem[] {
  const fromVault = options.contract === 'client' && typeof body.apiKeyUuid === 'string';
  // Without a vault key there is nothing else to reach the provider with.
  const orNull = fromVault ? nullable : (check: Check) => check;
  const required = ['name', 'aiType', 'workspaceId', ...(fromVault ? [] : ['endpoint', 'secret'])];
  return record(
    {
      ...vaultKey(options),
      name: filled,
      aiType,
      workspaceId: filled,
      endpoint: orNull(link()),
      key: nullable(filled),
      secret: orNull(filled),
    },
    { required, unknown: options.unknownMembers },
  )(body, []);
}

/** Finds mistakes in the body of an update. */
export function checkUpdate(options: FlashbackOptions, body: JsonObject): Problem[] {
  const orNull = options.nullOnUpdate === 'reject' ? (check: Check) => check : nullable;
  const workspaceId = options.workspaceIdOnUpdate === 'ignore' ? filled : refused('cannot be changed');
  const problems = record(
    {
      ...vaultKey(options),
      name: filled,
      aiType,
      workspaceId,
      endpoint: orNull(link()),
      key: orNull(filled),
      secret: orNull(filled),
    },
    { unknown: options.unknownMembers },
  )(body, []);
  if (options.emptyUpdate === 'reject' && Object.keys(body).length === 0) {
    problems.push(...refused('holds nothing to update')({}, []));
  }
  return problems;
}

/** The fields of a body as they are stored: `apiKeyUuid` is read as `apiKeyId`. */
export function stored(options: FlashbackOptions, body: JsonObject, names: readonly string[]): JsonObject {
  const fields = storedMembers(body, names, options.unknownMembers, ['workspaceId', 'apiKeyUuid']);
  if (typeof body.apiKeyUuid === 'string' && options.contract === 'client') fields.apiKeyId = body.apiKeyUuid;
  return fields;
}

function vaultKey(options: FlashbackOptions): Record<string, Check> {
  return options.contract === 'client' ? { apiKeyUuid: filled } : {};
}
