import type { JsonObject } from '../../model/json.js';
import type { AuditFinding } from '../../model/vendor.js';

/** Contradictions between Flashback's documents and its client. Each rule is dated. */
export function audit(spec: JsonObject, exists: boolean): AuditFinding[] {
  return [...(exists ? [] : auditCredentials(spec)), ...auditVault(spec)];
}

/** Noted 2026-11-21: the reference requires endpoint and secret on create, the client since March 2026 does not. */
function auditCredentials(spec: JsonObject): AuditFinding[] {
  if (spec.workspaceId === undefined || spec.apiKeyUuid !== undefined) return [];
  return ['endpoint', 'secret']
    .filter((field) => spec[field] === undefined)
    .map((field) => ({
      severity: 'warning',
      path: '/spec',
      summary: `Flashback's reference requires ${field} to create an LLM, unless apiKeyUuid is set`,
      detail: `Add ${field}; the provider's API key goes into secret, not into key.`,
    }));
}

/** Noted 2026-11-21: the reference does not say which of the two wins. */
function auditVault(spec: JsonObject): AuditFinding[] {
  if (spec.apiKeyUuid === undefined || (spec.secret === undefined && spec.key === undefined)) return [];
  return [
    {
      severity: 'warning',
      path: '/spec/apiKeyUuid',
      summary: 'both apiKeyUuid and a key or secret are set, and which one Flashback uses is undocumented',
      detail: 'Keep one of them.',
    },
  ];
}
