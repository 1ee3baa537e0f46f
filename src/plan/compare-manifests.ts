import { createBaselines } from '../diff/baseline.js';
import { diffObject } from '../diff/diff-object.js';
import { appliedValues } from '../diff/stored-values.js';
import { findKind } from '../model/find-kind.js';
import { canonicalJson, type Json, sameJson } from '../model/json.js';
import type { Manifest } from '../model/manifest.js';
import type { Change, FieldChange } from '../model/plan.js';
import { formatPointer } from '../model/pointer.js';
import type { Kind, KindRules, Vendor } from '../model/vendor.js';
import { canUpdateField } from './requests.js';

/**
 * What changes from one set of valid manifests to another, without asking any vendor: fields are compared by the same
 * rules as with live objects. All of it is text of manifests, and is shown: secret references, because where a secret
 * comes from is what a reviewer has to see, and what looks like a secret in clear text. Nothing is known of ids, drift and requests.
 */
export function compareManifests(
  base: readonly Manifest[],
  head: readonly Manifest[],
  vendors: readonly Vendor[],
): { changes: Change[]; unchanged: number } {
  const before = new Map(base.map((manifest) => [manifest.address, manifest]));
  const after = new Map(head.map((manifest) => [manifest.address, manifest]));
  const changes = [
    ...head.flatMap((manifest) => compareOne(before.get(manifest.address), manifest, vendors) ?? []),
    ...base.filter(({ address }) => !after.has(address)).map(removal),
  ];
  const changed = changes.filter(({ action }) => action !== 'delete').length;
  return {
    changes: changes.sort((a, b) => (a.address < b.address ? -1 : 1)),
    unchanged: head.length - changed,
  };
}

function compareOne(
  before: Manifest | undefined,
  after: Manifest,
  vendors: readonly Vendor[],
): Change | undefined {
  if (before === undefined || before.vendor !== after.vendor) return creation(after);
  const kind = findKind(vendors, after);
  if (kind === undefined) return undefined;
  const { fields, stuck } = specChanges(before, after, kind);
  const all = [...fields, ...settingChanges(before, after)];
  if (all.length === 0) return undefined;
  return { ...emptyChange(after, stuck ? 'replace' : 'update'), fields: all };
}

function creation(manifest: Manifest): Change {
  const fields = Object.entries(manifest.spec).map(([name, value]) =>
    comparedField(formatPointer([name]), undefined, value),
  );
  return { ...emptyChange(manifest, 'create'), fields: [...fields, ...settingChanges(undefined, manifest)] };
}

function removal(manifest: Manifest): Change {
  const { source: _gone, ...change } = emptyChange(manifest, 'delete');
  return change;
}

/** Values are compared whole, and no secret is known. */
const NO_LEDGER = createBaselines({ digest: canonicalJson });

function specChanges(
  { spec: there }: Manifest,
  after: Manifest,
  kind: Kind,
): { fields: FieldChange[]; stuck: boolean } {
  const { spec } = after;
  const rules = comparable(kind.rules);
  const applied = appliedValues(there, rules, NO_LEDGER.of(after.address, undefined));
  const entry = { vendor: after.vendor, id: '', applied };
  const diff = diffObject(spec, there, rules, NO_LEDGER.of(after.address, entry));
  const forcing =
    kind.rules.writes === 'new-version'
      ? []
      : diff.fields.filter((name) => !canUpdateField(kind, name, spec[name]));
  const changed = diff.changes.map((change): FieldChange => {
    const forces = forcing.some((name) => change.path === formatPointer([name]));
    return { ...change, ...(forces && { forcesReplacement: true }) };
  });
  const dropped = Object.keys(there).filter((name) => !Object.hasOwn(spec, name) && !rules.fields[name]?.map);
  const left = dropped.map((name) => comparedField(formatPointer([name]), there[name], undefined));
  return { fields: [...changed, ...left], stuck: forcing.length > 0 };
}

/** The rules without secrets: between manifests, a secret is the reference that stands in its place. */
function comparable(rules: KindRules): KindRules {
  const fields = Object.entries(rules.fields).map(([name, { writeOnly, secrets, ...rule }]) => [name, rule]);
  return { ...rules, fields: Object.fromEntries(fields) };
}

/** Changes to a manifest's settings outside its spec. A reviewer of a stranger's change should not miss them. */
function settingChanges(before: Manifest | undefined, after: Manifest): FieldChange[] {
  const settings = (manifest: Manifest | undefined): Record<string, Json | undefined> => ({
    'metadata.id': manifest?.id,
    'lifecycle.preventDestroy': manifest?.preventDestroy || undefined,
    'lifecycle.ignoreChanges': manifest?.ignoreChanges.length ? manifest.ignoreChanges : undefined,
    'lifecycle.allowUnknown': manifest?.allowUnknown.length ? manifest.allowUnknown : undefined,
  });
  const [was, is] = [settings(before), settings(after)];
  return Object.keys(is)
    .filter((name) => !sameJson(was[name], is[name]))
    .map((name) => comparedField(name, was[name], is[name]));
}

function comparedField(path: string, before: Json | undefined, after: Json | undefined): FieldChange {
  return {
    path,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    cause: 'unknown',
  };
}

function emptyChange({ address, vendor, kind, name, source }: Manifest, action: Change['action']): Change {
  return { address, vendor, kind, name, action, fields: [], requests: [], source };
}
