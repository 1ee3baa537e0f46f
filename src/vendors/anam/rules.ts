import { isObject, type Json, type JsonObject } from '../../model/json.js';
import type { KindRules } from '../../model/vendor.js';

/** The values that create and update have in common; update's other two cannot be read back. */
const FORMATS_ON_UPDATE = new Set<Json>(['openai', 'azure_openai', 'groq_openai']);

/** Source of every entry: Anam's OpenAPI, archived copy of 2026-07-23. */
export const rules: KindRules = {
  fields: {
    urls: { form: 'endpoints', onUpdate: urlsOnUpdate },
    llmFormat: { onUpdate: (value) => (FORMATS_ON_UPDATE.has(value) ? { llmFormat: value } : undefined) },
    secret: { writeOnly: true, secrets: [''] },
    // It is undocumented whether a PUT merges or replaces metadata; the whole map is right under both readings.
    metadata: { map: { replace: 'metadata' } },
    displayTags: { form: 'set', undocumentedWrite: true },
    temperature: { undocumentedWrite: true },
    maxTokens: { undocumentedWrite: true },
    deploymentName: { undocumentedWrite: true },
    apiVersion: { undocumentedWrite: true },
  },
  writes: 'merge-patch',
  naturalName: ['displayName'],
  mark: { field: 'metadata', key: 'llmform' },
  replace: 'create-first',
};

/** An update takes one `url` where the object has `urls`: several, or a region beside it, need a new object. */
function urlsOnUpdate(value: Json): JsonObject | undefined {
  const [only, ...others] = Array.isArray(value) ? value : [];
  if (!isObject(only) || others.length > 0) return undefined;
  const { url, ...beside } = only;
  return url === undefined || Object.keys(beside).length > 0 ? undefined : { url };
}
