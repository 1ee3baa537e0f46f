import type { JsonObject } from '../../model/json.js';
import type { AuditFinding } from '../../model/vendor.js';

/** Values that GoodMem refuses or misreads beyond its schema. Each rule is dated. */
export function audit(spec: JsonObject): AuditFinding[] {
  return [...auditEndpoint(spec), ...auditDialect(spec)];
}

/** Noted 2026-11-21: since late 2025 `apiPath` defaults to `/chat/completions` and `endpointUrl` ends in `/v1`. */
function auditEndpoint(spec: JsonObject): AuditFinding[] {
  const url = spec.endpointUrl;
  if (typeof url !== 'string' || !/\/chat\/completions\/?$/.test(url)) return [];
  return [
    {
      severity: 'warning',
      path: '/spec/endpointUrl',
      summary: 'endpointUrl ends in /chat/completions, which GoodMem appends as apiPath',
      detail: 'End it before that part, usually in /v1.',
    },
  ];
}

/** Noted 2026-11-21: the dialect exists for DASHSCOPE only (server 1.0.320 and later). */
function auditDialect(spec: JsonObject): AuditFinding[] {
  if (spec.dashscopeApiDialect === undefined || spec.providerType === undefined) return [];
  if (spec.providerType === 'DASHSCOPE') return [];
  return [
    {
      severity: 'error',
      path: '/spec/dashscopeApiDialect',
      summary: 'dashscopeApiDialect goes only with providerType DASHSCOPE',
      detail: 'Remove it, or change providerType.',
    },
  ];
}
