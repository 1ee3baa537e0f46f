import type { MapPatch } from '../diff/map-patch.js';
import type { Address } from '../model/address.js';
import { assertNever } from '../model/assert-never.js';
import type { JsonObject } from '../model/json.js';
import type { LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Change } from '../model/plan.js';
import { formatPointer } from '../model/pointer.js';
import type { Kind, Live } from '../model/vendor.js';
import type { ClientId } from './match/client-id.js';
import type { Displaced } from './match/displaced.js';

/**
 * A change, with everything that apply needs to carry it out. Never printed, never saved, and never modified: make a
 * new step instead.
 */
export type Step = WantedStep | DeleteStep | OrphanStep | MarkStep;

/** A step that apply carries out. */
export type WorkStep = Exclude<Step, OrphanStep>;

/** A step towards what a manifest wants. */
export type WantedStep = CreateStep | BoundStep;

/** A step with an object that is there already. */
export type BoundStep = UpdateStep | ReplaceStep | AdoptStep;

interface AnyStep {
  readonly change: Readonly<Change>;
  readonly project: string;
  readonly target: string;
  readonly kind: Kind;
  /** Ids to remove once every managed object that refers to them has moved. */
  readonly retire: readonly string[];
  /** Ids to remove that something else still refers to: kept, and remembered. */
  readonly kept: readonly string[];
  /** Steps that have to succeed before this one starts. */
  readonly dependsOn: readonly Address[];
  /** Steps that have to succeed before `retire`. */
  readonly retireAfter: readonly Address[];
}

interface Wanted extends AnyStep {
  readonly manifest: Manifest;
  /** The desired spec, ignored places taken from the live object, references still in place. */
  readonly desired: JsonObject;
  /** The id that a create chooses, where the vendor takes one. */
  readonly clientId?: ClientId;
}

interface Bound extends Wanted {
  readonly live: Live;
  readonly entry?: LedgerEntry;
  /** Top-level fields that an update sends. */
  readonly fields: readonly string[];
  /** Maps that an update patches. */
  readonly maps: Readonly<Record<string, MapPatch>>;
  /** Pointers of differences that the vendor is known not to keep; they are not sent. */
  readonly notPersisted: readonly string[];
  /** The object that the ledger knew by this address, and the address that it has from then on. */
  readonly displaced?: Displaced;
}

/** A managed object without a manifest. */
interface LeftOver extends AnyStep {
  readonly live: Live;
  readonly entry?: LedgerEntry;
  readonly manifest?: undefined;
}

export interface CreateStep extends Wanted {
  readonly action: 'create';
  readonly live?: undefined;
  readonly entry?: undefined;
}

export interface UpdateStep extends Bound {
  readonly action: 'update';
}

export interface ReplaceStep extends Bound {
  readonly action: 'replace';
}

export interface AdoptStep extends Bound {
  readonly action: 'adopt';
}

export interface DeleteStep extends LeftOver {
  readonly action: 'delete';
}

export interface OrphanStep extends LeftOver {
  readonly action: 'orphan';
}

/** A step that changes no field: it only takes our mark off an object, or writes it anew. */
export type MarkStep = ForgetStep | RemarkStep;

/** An object that is managed here no longer. It stays at the vendor. */
export interface ForgetStep extends Omit<LeftOver, 'live'> {
  readonly action: 'forget';
  /** Absent where the object is gone, or its target cannot be reached any more. */
  readonly live?: Live;
}

/** An orphan whose mark has an old name in it: shown as an update. Without its mark it would be lost from sight. */
export interface RemarkStep extends LeftOver {
  readonly action: 'remark';
}

/** A manifest whose object is as it should be. Apply records it; nothing is sent. */
export interface Unchanged {
  readonly manifest: Manifest;
  readonly kind: Kind;
  readonly live: Live;
  readonly entry?: LedgerEntry;
  /** Pointers of differences that the vendor is known not to keep. */
  readonly notPersisted: readonly string[];
  /** Earlier versions that cannot be removed yet, because something still refers to them. */
  readonly retired: readonly string[];
}

export function isWanted(step: Step): step is WantedStep {
  return 'manifest' in step && step.manifest !== undefined;
}

/** Tells if a step only writes, or takes off, the ownership mark. */
export function isMarkStep(step: Step): step is MarkStep {
  return step.action === 'forget' || step.action === 'remark';
}

/**
 * The live state that a step is planned from. A field that an update ignores as a whole is none of it: others may go on
 * writing it, and what was reviewed is not out of date.
 */
export function observedBy(step: Step, { spec }: Live): JsonObject {
  if (!isWanted(step) || makesNewId(step)) return spec;
  const { ignoreChanges } = step.manifest;
  if (ignoreChanges.length === 0) return spec;
  return Object.fromEntries(
    Object.entries(spec).filter(([name]) => !ignoreChanges.includes(formatPointer([name]))),
  );
}

/** Tells if the object's id is known only when the step has been applied. */
export function makesNewId(step: Step): boolean {
  if (step.change.blocked !== undefined) return false;
  switch (step.action) {
    case 'create':
    case 'replace':
      return true;
    case 'update':
    case 'adopt':
      return step.kind.rules.writes === 'new-version' && step.fields.length > 0;
    case 'delete':
    case 'orphan':
    case 'forget':
    case 'remark':
      return false;
    default:
      return assertNever(step);
  }
}
