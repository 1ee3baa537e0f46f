/**
 * The library behind the `llmform` command. `openProject` reads a project and gives its `plan` and `apply`; what they
 * reach the world through are ports, and a program may replace each. The implementations for Node are exported too, to
 * be wrapped. Importing the package does nothing: it opens no file and no connection, and sets no process-wide state.
 *
 * @packageDocumentation
 */

export { openFileLedger } from './ledger/index.js';
export {
  type Applied,
  type ApplyOptions,
  type OpenOptions,
  type OpenProject,
  openProject,
} from './library/project.js';
export { readProject } from './manifest/project/read-project.js';
export { readManifests } from './manifest/read-manifests.js';
export { type Address, formatAddress, parseAddress } from './model/address.js';
export { type Diagnostic, type DiagnosticCode, DiagnosticError } from './model/diagnostic.js';
export type { History, HistoryChange, HistoryEntry, HistoryRun } from './model/history.js';
export type { Json, JsonObject } from './model/json.js';
export type { Intent, Ledger, LedgerEntry } from './model/ledger.js';
export type { Manifest, Source } from './model/manifest.js';
export type { ApplyReport, Outcome, Status } from './model/outcome.js';
export {
  type Action,
  type Cause,
  type Change,
  type FieldChange,
  hasChanges,
  type Plan,
  type PlannedRequest,
  type PlanOptions,
  type PlanSummary,
  type ShownPlan,
} from './model/plan.js';
export type {
  Client,
  Connect as Open,
  Digests,
  LedgerLock,
  LedgerStore,
  Ports,
  Reader,
  Seals,
  Secrets,
} from './model/ports.js';
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
export type { Allowance } from './plan/guards.js';
export { type ConnectionSettings, openClient, openReader } from './platform/http/client.js';
export { createDigests } from './platform/secrets/digest.js';
export { createSeals } from './platform/secrets/seal.js';
export { openSecrets } from './platform/secrets/secrets.js';
export {
  applyJson,
  applyMarkdown,
  applyText,
  diagnosticsText,
  planJson,
  planMarkdown,
  planText,
  type TextOptions,
} from './report/index.js';
export { openLedger } from './usecases/open-effects.js';
export { vendors } from './vendors/index.generated.js';
