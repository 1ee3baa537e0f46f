import fc from 'fast-check';
import { isObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { Kind, Vendor } from '../../src/model/vendor.js';
import { vendors } from '../../src/vendors/index.generated.js';
import { idFieldOf } from '../support/vendor-model.js';
import { anyKey, anyText, arbitraryOf, schemaFile } from './from-schema.js';

/** One kind of one vendor, and what its manifests and its live objects may look like. */
export interface Subject {
  title: string;
  vendor: Vendor;
  kind: Kind;
  /** Where its objects live. */
  path: string;
  idField: string;
  /** Specs that the schema allows. */
  spec: fc.Arbitrary<JsonObject>;
  /** A desired spec, and the vendor's own object that it may meet. */
  pair: fc.Arbitrary<{ desired: JsonObject; body: JsonObject }>;
}

/** Our ownership mark, as it may stand on a live object. */
export const MARK = 'mine/here/LLM/one';

type Twist = 'same' | 'other' | 'absent' | 'null' | 'blank' | 'empty' | 'reordered' | 'texts';
const twists: readonly Twist[] = [
  'same',
  'same',
  'other',
  'absent',
  'null',
  'blank',
  'empty',
  'reordered',
  'texts',
];

export const subjects: readonly Subject[] = vendors.flatMap((vendor) =>
  vendor.kinds.map((kind): Subject => {
    const spec = arbitraryOf(schemaFile(vendor.id), kind.name).map((value) => withoutReferences(value, kind));
    const idField = idFieldOf(vendor.id);
    const pair = fc
      .tuple(spec, spec, noise(kind, idField))
      .chain(([desired, other, extra]) =>
        mixed(desired, other, kind).map((fields) => ({ desired, body: { ...fields, ...extra(fields) } })),
      );
    const path = kind.create({}).path;
    return { title: `${vendor.id} ${kind.name}`, vendor, kind, path, idField, spec, pair };
  }),
);

/** References to other objects are the plan's business; the diff sees ids. */
function withoutReferences(spec: JsonObject, kind: Kind): JsonObject {
  const result: JsonObject = { ...spec };
  for (const [name, rule] of Object.entries(kind.rules.fields)) {
    if (rule.refersTo !== undefined && isObject(result[name])) result[name] = 'id-of-another';
  }
  return result;
}

/** A vendor's object that agrees with `desired` in some fields, and in others says the same differently, or not. */
function mixed(desired: JsonObject, other: JsonObject, kind: Kind): fc.Arbitrary<JsonObject> {
  const names = [...new Set([...Object.keys(desired), ...Object.keys(other)])];
  const readable = names.filter((name) => kind.rules.fields[name]?.writeOnly !== true);
  return fc
    .array(fc.constantFrom(...twists), { minLength: readable.length, maxLength: readable.length })
    .map((chosen) =>
      Object.fromEntries(
        readable.flatMap((name, i): [string, Json][] => {
          const value = twisted(chosen[i] ?? 'same', desired[name], other[name]);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    );
}

function twisted(twist: Twist, same: Json | undefined, other: Json | undefined): Json | undefined {
  switch (twist) {
    case 'same':
      return same;
    case 'other':
      return other;
    case 'absent':
      return undefined;
    case 'null':
      return null;
    case 'blank':
      return '';
    case 'empty':
      return {};
    case 'reordered':
      return reversed(same);
    case 'texts':
      return asTexts(same);
  }
}

/** The same with the keys of every object, and the items of the outermost list, the other way round. */
export function reversed(value: Json | undefined): Json | undefined {
  return Array.isArray(value)
    ? value.map(reversedKeys).reverse()
    : value === undefined
      ? undefined
      : reversedKeys(value);
}

/** The same with the keys of every object the other way round. */
export function reversedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]): [string, Json] => [key, reversedKeys(member)])
      .reverse(),
  );
}

/** Numbers and booleans as strings, which one vendor's pages show. */
function asTexts(value: Json | undefined): Json | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asTexts(member) ?? null]));
}

/** What a vendor and other people add: ids, times, unknown members, other keys in maps, somebody's mark. */
function noise(kind: Kind, idField: string): fc.Arbitrary<(fields: JsonObject) => JsonObject> {
  const maps = Object.entries(kind.rules.fields).flatMap(([name, rule]) =>
    rule.map === undefined ? [] : [name],
  );
  return fc
    .record({
      theirs: fc.dictionary(
        anyKey.map((key) => `theirs-${key}`),
        anyText,
        { maxKeys: 3, noNullPrototype: true },
      ),
      mark: fc.constantFrom(undefined, MARK, 'theirs/else/LLM/one'),
      unknown: fc.dictionary(
        anyKey.map((key) => `unknown-${key}`),
        fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
        { maxKeys: 3, noNullPrototype: true },
      ),
    })
    .map(({ theirs, mark, unknown }) => (fields) => {
      const place = kind.rules.mark;
      const filled = maps.map((name): [string, Json] => {
        const own = isObject(fields[name]) ? fields[name] : {};
        const marked = place?.field === name && mark !== undefined ? { [place.key]: mark } : {};
        return [name, { ...own, ...theirs, ...marked }];
      });
      return {
        ...unknown,
        ...Object.fromEntries(filled),
        [idField]: 'live-1',
        created_at: '2026-01-01T00:00:00Z',
      };
    });
}
