import type { Baseline } from '../diff/baseline.js';
import { keepIgnored } from '../diff/ignore-changes.js';
import { appliedValues } from '../diff/stored-values.js';
import type { Address } from '../model/address.js';
import { defined } from '../model/defined.js';
import { canonicalJson, type Json, type JsonObject } from '../model/json.js';
import { omitKept } from '../model/kept-secrets.js';
import type { Ledger, LedgerEntry } from '../model/ledger.js';
import type { Manifest } from '../model/manifest.js';
import type { Kind } from '../model/vendor.js';
import { makesNewId, type WantedStep } from '../plan/step.js';
import type { ApplySession } from './session.js';

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
  /** When it was written, as an ISO date; absent where nothing was. */
  at?: string;
}

/** So many ids of objects that were gone are remembered for one address. */
const FORMER_IDS = 10;

/** Remembers an object; returns whether that is news. */
export function recordObject(ledger: Ledger, facts: RecordedObject): boolean {
  const { manifest, kind, id, spec, baseline, notPersisted, retired, created, previousId } = facts;
  const intent = ledger.intents[manifest.address];
  const before = ledger.objects[manifest.address];
  const gone = previousId === undefined || before?.formerly?.includes(previousId) ? [] : [previousId];
  const formerly = [...(before?.formerly ?? []), ...gone].slice(-FORMER_IDS);
  const applied = appliedValues(omitKept(spec, kind.rules), kind.rules, baseline);
  const entry: LedgerEntry = {
    vendor: manifest.vendor,
    id,
    applied: created ? applied : keepIgnored(applied, baseline.entry?.applied, baseline.ignored),
    ...(Object.keys(notPersisted).length > 0 && { notPersisted }),
    ...(manifest.preventDestroy && { preventDestroy: true }),
    ...(formerly.length > 0 && { formerly }),
    ...(retired.length > 0 && { retired: [...retired] }),
    ...defined({
      at: facts.at ?? before?.at,
      run: before?.run,
      unclear: intent?.unclear ?? before?.unclear,
    }),
  };
  if (intent === undefined && before !== undefined && sameEntry(before, entry)) return false;
  ledger.objects[manifest.address] = entry;
  delete ledger.intents[manifest.address];
  return true;
}

/** Remembers an object that was just written, and the earlier versions of it that are still to be removed. */
export function recordWritten(
  step: WantedStep,
  id: string,
  retired: readonly string[],
  session: ApplySession,
): void {
  const { manifest, kind, target, change, entry } = step;
  const stillDropped = 'notPersisted' in step ? step.notPersisted : [];
  const dropped = Object.entries(session.input.ledger.objects[change.address]?.notPersisted ?? {});
  recordObject(session.input.ledger, {
    manifest,
    kind,
    id,
    spec: session.withIds(manifest.spec, target, kind),
    baseline: session.baseline(manifest, entry),
    // A value that planning saw in place is not one that the vendor drops.
    notPersisted: Object.fromEntries(dropped.filter(([path]) => stillDropped.includes(path))),
    retired: [...step.kept, ...retired],
    previousId: change.previousId,
    created: makesNewId(step),
    at: session.isoDate(),
  });
}

/** Forgets an object; returns whether it was known. */
export function forgetObject(ledger: Ledger, address: Address): boolean {
  const known = Object.hasOwn(ledger.objects, address);
  delete ledger.objects[address];
  return known;
}

function sameEntry(a: LedgerEntry, b: LedgerEntry): boolean {
  return canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json);
}
