import type { DiagnosticCode } from '../../model/diagnostic.js';
import type { VendorErrorCode } from '../../model/vendor-error.js';

/** The code as a label: a known one, or `other`. A label with free text grows without end. */
export function codeLabel(code: string): string {
  return Object.hasOwn(CODES, code) ? code : 'other';
}

// A record, so that the compiler misses a code that is added to either union.
const CODES: Readonly<Record<DiagnosticCode | VendorErrorCode, true>> = {
  usage: true,
  unseen: true,
  file: true,
  yaml: true,
  schema: true,
  unknown: true,
  'secret-literal': true,
  secret: true,
  reference: true,
  duplicate: true,
  lifecycle: true,
  audit: true,
  project: true,
  credential: true,
  vendor: true,
  identity: true,
  adopt: true,
  protected: true,
  'in-use': true,
  'not-persisted': true,
  guard: true,
  rollback: true,
  stale: true,
  ledger: true,
  internal: true,
  unreachable: true,
  tls: true,
  protocol: true,
  timeout: true,
  redirect: true,
  'not-json': true,
  unexpected: true,
  incomplete: true,
  unauthorized: true,
  forbidden: true,
  'not-found': true,
  conflict: true,
  invalid: true,
  'rate-limited': true,
  server: true,
  refused: true,
  'not-a-read': true,
};
