import { isObject, type JsonObject } from '../../model/json.js';
import type { AuditFinding } from '../../model/vendor.js';

/** Gaps of Anam's documents that would otherwise show only after a write. Each rule is dated. */
export function audit(spec: JsonObject): AuditFinding[] {
  return [...auditUrls(spec), ...auditAzure(spec)];
}

/** Noted 2026-11-21: the OpenAPI samples and a third-party guide give the full endpoint, not its base. */
function auditUrls(spec: JsonObject): AuditFinding[] {
  if (spec.llmFormat !== 'openai' || !Array.isArray(spec.urls)) return [];
  return spec.urls.flatMap((item, i): AuditFinding[] => {
    if (!isObject(item) || typeof item.url !== 'string' || !/\/v1\/?$/.test(item.url)) return [];
    return [
      {
        severity: 'warning',
        path: `/spec/urls/${i}/url`,
        summary: 'the URL ends in /v1, and Anam wants the full endpoint',
        detail: 'For an OpenAI-compatible server that is usually …/v1/chat/completions.',
      },
    ];
  });
}

/** Noted 2026-11-21: no request schema holds the fields that an Azure deployment needs. */
function auditAzure(spec: JsonObject): AuditFinding[] {
  if (spec.llmFormat !== 'azure_openai') return [];
  return ['deploymentName', 'apiVersion']
    .filter((field) => spec[field] !== undefined)
    .map((field) => ({
      severity: 'warning',
      path: `/spec/${field}`,
      summary: `Anam documents no way to write ${field}, which Azure needs`,
      detail: 'llmform sends it and reports it as not persisted if Anam drops it.',
    }));
}
