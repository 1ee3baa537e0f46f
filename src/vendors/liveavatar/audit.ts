import type { JsonObject } from '../../model/json.js';
import type { AuditFinding } from '../../model/vendor.js';

/**
 * Noted 2026-11-21. People with running systems say that LiveAvatar appends `/chat/completions` to `base_url`
 * itself; the older guide spoke of `/v1/chat/completions`. Not vendor fact, so a warning.
 */
export function auditLlm(spec: JsonObject): AuditFinding[] {
  const url = spec.base_url;
  if (typeof url !== 'string' || !/\/chat\/completions\/?$/.test(url)) return [];
  return [
    {
      severity: 'warning',
      path: '/spec/base_url',
      summary: 'base_url ends in /chat/completions, which LiveAvatar appends itself',
      detail: 'End it before that part, usually in /v1.',
    },
  ];
}
