/**
 * The library behind the `llmform` command: the nouns, the vendors, and the functions that plan and apply. Effects
 * arrive as arguments, so that a program can bring its own.
 */
export { canonicalUrl } from './diff/canonical.js';
export { readManifests } from './manifest/manifests.js';
export { readProject } from './manifest/project.js';
export type { Address } from './model/address.js';
export { formatAddress, parseAddress } from './model/address.js';
export type { Diagnostic, DiagnosticCode } from './model/diagnostic.js';
export { DiagnosticError } from './model/diagnostic.js';
export type { Json, JsonObject } from './model/json.js';
export type { Intent, Ledger, LedgerEntry } from './model/ledger.js';
export type { Manifest, Source } from './model/manifest.js';
export type { ApplyReport, Outcome, Status } from './model/outcome.js';
export type {
  Action,
  Cause,
  Change,
  FieldChange,
  Plan,
  PlannedRequest,
  PlanOptions,
  PlanSummary,
} from './model/plan.js';
export type { Guards, LedgerPlace, Project, SecretReference, Target } from './model/project.js';
export type {
  Answer,
  AuditFinding,
  FieldRule,
  Form,
  Kind,
  KindRules,
  Live,
  Read,
  ReadRequest,
  Vendor,
  WriteRequest,
} from './model/vendor.js';
export { VendorError, type VendorErrorCode } from './model/vendor-error.js';
export { type Allowance, refusals } from './plan/guards.js';
export { makePlan, type Observed, type PlanInput, type Planned } from './plan/plan.js';
export { type Applied, apply } from './reconcile/apply.js';
export { closeAll, type Prospect, prepare } from './reconcile/reconcile.js';
export type { ApplyInput } from './reconcile/session.js';
export type { Client, Digests, Intention, Open, Reader, World } from './reconcile/world.js';
export * from './report/index.js';
export { vendors } from './vendors/index.generated.js';
