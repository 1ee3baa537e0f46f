import type { Emulator } from '../../src/emulator/index.js';
import { isObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Kind, Vendor } from '../../src/model/vendor.js';
import { openSandbox, type Sandbox, type SandboxSettings } from '../support/sandbox.js';
import type { KindFixture, Needed } from './fixture.js';

/** The one target of the contract's projects. */
export const TARGET = 'here';

/** One kind of one vendor under test. */
export interface Subject {
  vendor: Vendor;
  kind: Kind;
  fixture: KindFixture;
  /** How many listings planning this kind takes. */
  listings: number;
  /** A manifest of this kind. `more` are members beside `spec`. */
  manifest(name: string, spec: JsonObject, more?: JsonObject): JsonObject;
  address(name: string): string;
  /** Manifests of the objects that this kind refers to. */
  needed: JsonObject[];
  open(settings?: Partial<SandboxSettings>): Promise<Sandbox>;
  /** A sandbox in which these manifests, and what they need, are applied and nothing was sent since. */
  settled(...manifests: JsonObject[]): Promise<Sandbox>;
  /** A spec as the vendor's own object, made by somebody else: readable fields, no references. */
  foreign(spec: JsonObject): JsonObject;
  objects(sandbox: Sandbox): JsonObject[];
  idOf(sandbox: Sandbox, name: string): string;
}

export function subjectOf(vendor: Vendor, kind: Kind, fixture: KindFixture): Subject {
  const manifest = (of: string, name: string, spec: JsonObject, more: JsonObject = {}): JsonObject => {
    const { metadata, ...others } = more;
    return {
      apiVersion: 'llmform/v1',
      kind: of,
      vendor: vendor.id,
      metadata: { name, ...(isObject(metadata) ? metadata : {}) },
      ...others,
      spec,
    };
  };
  const needed = (fixture.needs ?? []).map((one: Needed) => manifest(one.kind, one.name, one.spec));
  const touched = new Set([kind.name, ...(fixture.needs ?? []).map((one) => one.kind)]);
  const refers = (other: Kind) =>
    Object.values(other.rules.fields).some(
      (rule) => rule.refersTo !== undefined && touched.has(rule.refersTo),
    );

  const subject: Subject = {
    vendor,
    kind,
    fixture,
    needed,
    listings: vendor.kinds.filter((other) => touched.has(other.name) || refers(other)).length,
    manifest: (name, spec, more) => manifest(kind.name, name, spec, more),
    address: (name) => `${TARGET}/${kind.name}/${name}`,
    open: (settings = {}) => openSandbox({ targets: { [TARGET]: { vendor: vendor.id } }, ...settings }),
    async settled(...manifests) {
      const sandbox = await subject.open();
      sandbox.declare(...needed, ...manifests);
      const { code, err } = await sandbox.apply();
      if (code !== 0) throw new Error(`the first apply ended with ${code}: ${err}`);
      sandbox.emulator.requests.length = 0;
      return sandbox;
    },
    foreign: (spec) =>
      Object.fromEntries(
        Object.entries(spec).filter(([name]) => {
          const rule = kind.rules.fields[name];
          return rule?.writeOnly !== true && rule?.refersTo === undefined;
        }),
      ),
    objects: (sandbox) => sandbox.emulator.objects(kind.name),
    idOf: (sandbox, name) => sandbox.ledger().objects[subject.address(name)]?.id ?? 'nothing is recorded',
  };
  return subject;
}

/** A spec with one field changed. */
export function changed({ fixture }: Subject, field: string): JsonObject {
  const { value = null, without = [] } = fixture.changes[field] ?? {};
  const others = Object.entries(fixture.spec).filter(([name]) => !without.includes(name));
  return { ...Object.fromEntries(others), [field]: value };
}

/** The first field of a kind that people can change elsewhere and that an update can heal. */
export function driftingField({ kind, fixture }: Subject): string {
  const field = Object.keys(fixture.changes).find((name) => {
    const rule = kind.rules.fields[name];
    return rule === undefined || Object.keys(rule).length === 0;
  });
  if (field === undefined) throw new Error(`${kind.name} has no plain field`);
  return field;
}

/** A value with its secrets in the clear and its references replaced, as it has to arrive at the vendor. */
export function resolved(value: Json, sandbox: Sandbox): Json {
  if (Array.isArray(value)) return value.map((item) => resolved(item, sandbox));
  if (!isObject(value)) return value;
  if (typeof value.fromEnv === 'string') return sandbox.env[value.fromEnv] ?? null;
  if (typeof value.ref === 'string') return sandbox.ledger().objects[`${TARGET}/${value.ref}`]?.id ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member, sandbox)]));
}

/** The id of one of the vendor's objects. */
export function idIn({ fixture }: Subject, object: JsonObject | undefined): string {
  return String(object?.[fixture.idField]);
}

/** Changes some members of a live object behind our back. */
export function moveBehindOurBack(
  { kind, fixture }: Subject,
  emulator: Emulator,
  id: string,
  fields: JsonObject,
): void {
  emulator.put(kind.name, { [fixture.idField]: id, ...fields });
}
