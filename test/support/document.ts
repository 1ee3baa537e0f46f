import type { JsonObject } from '../../src/model/json.js';

/** Makes manifests of one vendor: `of('LLM', 'support', { … })`. */
export function documentsOf(vendor: string) {
  return (kind: string, name: string, spec: JsonObject, more: JsonObject = {}): JsonObject => ({
    apiVersion: 'llmform/v1',
    kind,
    vendor,
    metadata: { name },
    ...more,
    spec,
  });
}
