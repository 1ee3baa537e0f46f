import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import type { Kind } from '../../src/model/vendor.js';
import { vendors } from '../../src/vendors/index.generated.js';

function auditOf(vendor: string, spec: JsonObject, exists = false): string[] {
  const kind: Kind | undefined = vendors
    .find(({ id }) => id === vendor)
    ?.kinds.find(({ name }) => name === 'LLM');
  return (kind?.audit?.(spec, exists) ?? []).map(({ path, summary }) => `${path}: ${summary}`);
}

describe('warnings of Flashback', () => {
  const spec = { workspaceId: 'w', endpoint: 'https://llm.example.com/v1' };

  it('ask for a secret where an object may be created, and not where it has an id', () => {
    expect(auditOf('flashback', spec)).toEqual([expect.stringContaining('requires secret to create an LLM')]);
    expect(auditOf('flashback', spec, true)).toEqual([]);
    expect(auditOf('flashback', { ...spec, apiKeyUuid: 'k', secret: {} }, true)).toHaveLength(1);
  });
});

describe('warnings of Anam', () => {
  it('speak of an Azure field only where the manifest has it', () => {
    const spec = { llmFormat: 'azure_openai' };
    expect(auditOf('anam', spec)).toEqual([]);
    expect(auditOf('anam', { ...spec, apiVersion: '2024-10-21' })).toEqual([
      '/spec/apiVersion: Anam documents no way to write apiVersion, which Azure needs',
    ]);
  });
});
