import type { KindRules } from '../../model/vendor.js';

/** Sources: GoodMem's REST reference and recorded answers of December 2025; server 1.0.320 where it differs. */
export const rules: KindRules = {
  fields: {
    providerType: { immutable: true },
    ownerId: { immutable: true, security: true },
    // The server compares URLs in canonical form; whether it stores that form is undocumented.
    endpointUrl: { form: 'url' },
    monitoringEndpoint: { form: 'url' },
    supportedModalities: { form: 'set' },
    defaultSamplingParams: { form: 'options' },
    credentials: { writeOnly: true, secrets: ['/apiKey/inlineSecret'] },
    labels: { map: { replace: 'replaceLabels', merge: 'mergeLabels', max: 20 } },
    // An update replaces the whole set, and what becomes of a missing flag is undocumented.
    capabilities: { map: { replace: 'capabilities', fixed: true } },
  },
  writes: 'merge-patch',
  naturalName: ['displayName'],
  mark: { field: 'labels', key: 'llmform.address' },
  clientId: 'llmId',
  // The id is derived from the address, so the old object has to be gone before the new one can have it.
  replace: 'delete-first',
};
