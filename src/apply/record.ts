import type { Baseline } from '../diff/baseline.js';
import { keepIgnored } from '../diff/ignore-changes.js';
import { findFirstValues, findReleased, type ObjectBefore } from '../diff/released.js';
import { appliedValues } from '../diff/stored-values.js';
import type { Address } from '../model/address.js';
import { canonicalJson, type Json, type JsonObject } from '../model/json.js';
import { omitKept } from '../model/kept-secrets.js';
import type { Ledger, LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Kind } from '../model/vendor.js';
import { makesNewId, type WantedStep } from '../plan/step.js';
import type { ApplySession, RunStamp } from './session.js';

/** The facts to record about an object that is up to date. */
export interface RecordedObject {
  manifest: Manifest;
  kind: Kind;
  id: string;
  /** The manifest's spec with references to other objects replaced by ids. */
  spec: JsonObject;
  baseline: Baseline;
  /** JSON Pointer -> digest of a value that the vendor did not keep. */
  notPersisted: Record<string, string>;
  /** Ids of earlier versions that are still to be removed. */
  retired: readonly string[];
  /** The id of the object that it was created in place of, because that one was gone. */
  previousId?: string | undefined;
  /** It was created with all that its manifest declares. */
  created: boolean;
  /** The object before the write; undefined where it was made by it. */
  origin: ObjectBefore | undefined;
}

/** So many ids of objects that were gone are remembered for one address. */
const FORMER_IDS = 10;

/** Remembers an object; returns whether that is news. The stamp says when and by which run, where something is. */
export function recordObject(ledger: Ledger, facts: RecordedObject, stamp?: RunStamp): boolean {
  const { manifest, kind, id, spec, baseline, notPersisted, retired, created, previousId } = facts;
  const before = ledger.objects[manifest.address];
  const gone = previousId === undefined || before?.formerly?.includes(previousId) ? [] : [previousId];
  const formerly = [...(before?.formerly ?? []), ...gone].slice(-FORMER_IDS);
  const applied = appliedValues(omitKept(spec, kind.rules), kind.rules, baseline);
  const entry: LedgerEntry = {
    vendor: manifest.vendor,
    id,
    applied: created ? applied : keepIgnored(applied, baseline.entry?.applied, baseline.ignored),
    ...originsOf(facts),
    ...(Object.keys(notPersisted).length > 0 && { notPersisted }),
    ...(manifest.preventDestroy && { preventDestroy: true }),
    ...(formerly.length > 0 && { formerly }),
    ...(retired.length > 0 && { retired: [...retired] }),
  };
  const intended = Object.hasOwn(ledger.intents, manifest.address);
  if (!intended && before !== undefined && sameEntry(before, entry)) return false;
  ledger.objects[manifest.address] = stampEntry(entry, stamp);
  delete ledger.intents[manifest.address];
  return true;
}

/** An entry that says when and by which run it was written. */
export function stampEntry(entry: LedgerEntry, stamp: RunStamp | undefined): LedgerEntry {
  return stamp === undefined ? entry : { ...entry, at: stamp.now(), run: stamp.id };
}

/** The values from before the fields were ours, and the fields that are released. */
function originsOf({
  origin,
  spec,
  kind: { rules },
  baseline,
}: RecordedObject): Pick<LedgerEntry, 'before' | 'released'> {
  if (origin === undefined) return {};
  const { codec } = baseline;
  const applied = appliedValues(spec, rules, baseline);
  const released = findReleased(origin, spec, rules, codec);
  const before = findFirstValues(origin, applied, released, rules, codec);
  return {
    ...(Object.keys(before).length > 0 && { before }),
    ...(Object.keys(released).length > 0 && { released }),
  };
}

/** Remembers an object that was just written, and the earlier versions of it that are still to be removed. */
export function recordWritten(
  step: WantedStep,
  id: string,
  retired: readonly string[],
  session: ApplySession,
): void {
  const { manifest, kind, target, change, entry, live } = step;
  const displaced = 'displaced' in step ? step.displaced : undefined;
  // Deleted by this very run, it is not remembered again.
  if (displaced !== undefined && !session.removed.has(displaced.address))
    session.input.ledger.objects[displaced.address] = displaced.entry;
  const kept = live !== undefined && !makesNewId(step);
  const facts: RecordedObject = {
    manifest,
    kind,
    id,
    spec: session.withIds(manifest.spec, target, kind),
    baseline: session.baseline(manifest, entry),
    notPersisted: session.input.ledger.objects[change.address]?.notPersisted ?? {},
    retired: [...step.kept, ...retired],
    previousId: change.previousId,
    created: makesNewId(step),
    origin: kept ? { live: live.spec, entry, adopts: step.action === 'adopt' } : undefined,
  };
  recordObject(session.input.ledger, facts, session.input.run);
}

/** Forgets an object; returns whether it was known. */
export function forgetObject(ledger: Ledger, address: Address): boolean {
  const known = Object.hasOwn(ledger.objects, address);
  delete ledger.objects[address];
  return known;
}

function sameEntry({ at: _at, run: _run, ...a }: LedgerEntry, b: LedgerEntry): boolean {
  return canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json);
}
