import type { JsonObject } from '../../model/json.js';
import { expectId, pick } from '../../model/parse-answer.js';
import type { Live } from '../../model/vendor.js';

const FIELDS = [
  'displayName',
  'description',
  'urls',
  'llmFormat',
  'modelName',
  'metadata',
  'reasoningEffort',
  'reasoningFormat',
  'temperature',
  'maxTokens',
  'deploymentName',
  'apiVersion',
  'displayTags',
];

export function toWire(spec: JsonObject): JsonObject {
  return { ...spec };
}

export function fromWire(body: JsonObject): Live {
  const { createdByOrganizationId: account } = body;
  return {
    id: expectId(body.id, 'LLM id'),
    spec: pick(body, FIELDS),
    body,
    ...(typeof account === 'string' && { account }),
  };
}

/**
 * Built-in LLMs belong to no account: `isDefault`, `isGlobal`, or an owner of null. All three are asked, because
 * the read schema has no required member.
 */
export function isBuiltIn(body: JsonObject): boolean {
  return body.isDefault === true || body.isGlobal === true || body.createdByOrganizationId === null;
}
