import type { Address } from './address.js';
import type { Blocked } from './blocked.js';
import type { Diagnostic } from './diagnostic.js';
import type { Json } from './json.js';
import type { Source } from './manifest.js';
import type { SecretReference } from './project.js';

export type Action = 'create' | 'update' | 'replace' | 'adopt' | 'delete' | 'orphan' | 'forget';

/** Which side moved since the last apply; `unknown` when there is nothing to compare with. */
export type Cause = 'manifest' | 'drift' | 'both' | 'unknown';

/** One managed field that differs. */
export interface FieldChange {
  /** JSON Pointer into `spec`. */
  path: string;
  /** The vendor's value; absent when it has none, or when the field is sensitive. */
  before?: Json;
  /** The manifest's value; absent when apply removes the field, or when it is sensitive. */
  after?: Json;
  /** The object, as `Kind/name`, whose id `after` is a placeholder for, because apply has yet to create it. In memory only. */
  afterUnknown?: string;
  /** Of a conflict: what was last applied, and both sides moved away from; absent when it was too long to keep. */
  last?: Json;
  cause: Cause;
  sensitive?: true;
  /** The references of a sensitive field, to name the source of its secret; never a value. */
  from?: SecretReference[];
  /** Of a secret whose value is another than the one last applied; its reference may be the same. In memory only. */
  rotated?: true;
  /** The vendor cannot change this field: it is why the object is replaced. */
  forcesReplacement?: true;
}

/** A write as the plan shows it: secrets are `"(sensitive)"`, unknown ids `"(known after apply)"`. */
export interface PlannedRequest {
  method: string;
  path: string;
  body?: Json;
}

export interface Change {
  address: Address;
  vendor: string;
  kind: string;
  name: string;
  action: Action;
  /** The live object's id; absent for a create. */
  id?: string;
  /** Of a create: the object that we remember under this address, and the vendor no longer has. */
  previousId?: string;
  /** Of an update: the address that the object had until now, with the project's name where that was another one. */
  movedFrom?: string;
  fields: FieldChange[];
  /** The writes that apply will send, in order. */
  requests: PlannedRequest[];
  /** Ids of the live objects that these remove, in order; absent where they remove none. */
  deletes?: string[];
  /** The place of the manifest, or of the statement that lets the object go; absent where there is neither. */
  source?: Source;
  /** Why apply will leave this change alone. */
  blocked?: Blocked;
}

export type PlanSummary = Record<Action | 'noop', number>;

export function emptySummary(): PlanSummary {
  return { create: 0, update: 0, replace: 0, adopt: 0, delete: 0, orphan: 0, forget: 0, noop: 0 };
}

/** The options that a plan was made with; `apply FILE` takes them over. */
export interface PlanOptions {
  /** The selected targets; empty means all. */
  targets: string[];
  prune: boolean;
  adopt: boolean;
  /** Record secrets whose digest is unknown instead of sending them once. */
  trustSecrets: boolean;
  /** Targets that may be another account than the ledger remembers; absent where there are none. */
  rebind?: string[];
  /** The commit that project file and manifests are of; absent for those that lie in the folder. */
  at?: string;
}

/** A field that was applied and is no longer declared. The object still has the value, and keeps it. */
export interface ReleasedField {
  address: Address;
  /** JSON Pointer into `spec`. */
  path: string;
  /** The value last applied, which the object still has; a placeholder where it cannot be read or shown. */
  applied: Json;
  /** The value that the object had before it was first applied; null where it had none, absent where it is not known. */
  before?: Json;
  sensitive?: true;
}

/** Live objects of one kind on one target. */
export interface UnmanagedCount {
  target: string;
  kind: string;
  count: number;
}

/** A plan is a value: plain JSON without secrets. It can be saved, hashed, compared and posted. */
export interface Plan {
  formatVersion: '1';
  /** Of a saved plan: apply carries it out once. */
  planId?: string;
  /** The project's name. */
  project: string;
  fingerprint: string;
  options: PlanOptions;
  summary: PlanSummary;
  requests: { read: number; write: number };
  /** Everything but no-ops, sorted by address. */
  changes: Change[];
  /** Fields that we applied and that are no longer declared, by address and path; absent where there are none. */
  released?: ReleasedField[];
  /** Live objects that no manifest and no ledger entry covers; absent where there are none. */
  unmanaged?: UnmanagedCount[];
  diagnostics: Diagnostic[];
}

/** The changes that apply acts on: orphans are only shown. */
export function changesOf<T extends { readonly action: Action }>({
  changes,
}: {
  readonly changes: readonly T[];
}): T[] {
  return changes.filter(({ action }) => action !== 'orphan');
}

export function countChanges(plan: Pick<Plan, 'changes'>): number {
  return changesOf(plan).length;
}

/** Tells if an apply would have anything to do. */
export function hasChanges(plan: Pick<Plan, 'changes'>): boolean {
  return countChanges(plan) > 0;
}

declare const shown: unique symbol;

/** A plan that may be rendered: secrets that a vendor's values held are masked. A plan of the engine is not one yet. */
export type ShownPlan = Plan & { readonly [shown]: true };

/** For `maskPlan`, and for offline plans, which hold no value of a vendor. */
export function asShownPlan(plan: Plan): ShownPlan {
  return plan as ShownPlan;
}
