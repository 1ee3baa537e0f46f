import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { isObject, type Json, type JsonObject } from '../../src/model/json.js';

const folder = new URL('../../schemas/', import.meta.url);

/** A schema file as JSON. */
export function schemaFile(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')) as JsonObject;
}

/** Values that a schema of this file allows: `arbitraryOf(file, 'LLM')` for one of its definitions. */
export function arbitraryOf(file: JsonObject, definition: string): fc.Arbitrary<JsonObject> {
  const defs = isObject(file.$defs) ? file.$defs : {};
  return values(asSchema(defs[definition]), { file, defs, depth: 0 }) as fc.Arbitrary<JsonObject>;
}

/** Text as people and enemies write it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    'true',
    '0',
    '(sensitive)',
    '(known after apply)',
    'a\nb',
    '__proto__',
    '\u001b[2J',
    '~1/~0',
  ),
);

/** Keys for maps that belong to people; names that reach into JavaScript's own objects are refused in manifests. */
export const anyKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('team', 'stage', 'a/b', 'a~b', '0', 'toString', 'hasOwnProperty'),
  fc
    .string({ minLength: 1, maxLength: 6 })
    .filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
);

interface Within {
  file: JsonObject;
  defs: JsonObject;
  depth: number;
}

function values(schema: JsonObject, within: Within): fc.Arbitrary<Json> {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.slice('#/$defs/'.length);
    // One way to name a secret is as good as another here: what it stands for is made up anyway.
    if (name === 'SecretReference') return secretReference;
    return values(asSchema(within.defs[name]), within);
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any'];
  const made = fc.oneof(...types.map((type) => ofType(String(type), schema, within)));
  const narrow = ['if', 'allOf', 'anyOf', 'oneOf'].some((word) => schema[word] !== undefined);
  if (!narrow) return made;
  const isValid = compiled(schema, within);
  return made.filter((value) => isValid(value));
}

const secretReference: fc.Arbitrary<JsonObject> = fc
  .constantFrom('ONE', 'TWO', 'THREE')
  .map((name) => ({ fromEnv: `SECRET_${name}` }));

function ofType(type: string, schema: JsonObject, within: Within): fc.Arbitrary<Json> {
  const { minLength, maxLength, minimum, maximum, pattern, minItems, uniqueItems } = schema;
  switch (type) {
    case 'string':
      if (typeof pattern === 'string') return matching(pattern);
      return anyText.filter(
        (text) => text.length >= Number(minLength ?? 0) && text.length <= Number(maxLength ?? 255),
      );
    case 'integer':
      return fc.integer({ min: Number(minimum ?? -5), max: Number(maximum ?? 100_000) });
    case 'number':
      return fc.constantFrom(0, 0.1, 0.7, 1, 0.30000000000000004);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const bounds = { minLength: Number(minItems ?? 0), maxLength: 3 };
      const item = values(asSchema(schema.items), { ...within, depth: within.depth + 1 });
      if (uniqueItems === true)
        return fc.uniqueArray(item, { ...bounds, selector: (one) => JSON.stringify(one) });
      return fc.array(item, bounds);
    }
    case 'object':
      return objects(schema, { ...within, depth: within.depth + 1 });
    default:
      return within.depth > 3
        ? anyText
        : (fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>).map(withoutForbidden);
  }
}

function objects(schema: JsonObject, within: Within): fc.Arbitrary<JsonObject> {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const open = Object.entries(properties).filter(([, member]) => member !== false);
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const declared = fc.record(
    Object.fromEntries(open.map(([name, member]) => [name, values(asSchema(member), within)])),
    { requiredKeys: required.filter((name) => open.some(([known]) => known === name)) },
  );
  const more = schema.additionalProperties;
  if (more === undefined || more === false) return declared;
  const closed = Object.keys(properties);
  const others = fc.dictionary(
    anyKey.filter((key) => !closed.includes(key)),
    values(asSchema(more), within),
    { maxKeys: 4, noNullPrototype: true },
  );
  return fc.tuple(declared, others).map(([a, b]) => ({ ...a, ...b }));
}

function matching(pattern: string): fc.Arbitrary<string> {
  if (pattern.startsWith('^https?://')) return url;
  if (pattern.startsWith('^Secret/')) return fc.constantFrom('Secret/one', 'Secret/two');
  if (pattern.startsWith('^[0-9a-fA-F]{8}')) return fc.uuid();
  throw new Error(`no arbitrary for ${pattern}`);
}

const url = fc.constantFrom(
  'https://api.example.com/v1',
  'https://api.example.com/v1/',
  'https://API.example.com:443/v1',
  'http://localhost:8080',
  'http://localhost:8080/',
  'https://other.example.com/v1/chat/completions?x=1',
  'https://exämple.com/ä',
  'https://[::1]:99999/not-a-port',
  'http:// spaces in it',
);

function asSchema(schema: Json | undefined): JsonObject {
  return isObject(schema) ? schema : {};
}

function compiled(schema: JsonObject, { defs }: Within): ValidateFunction {
  return new Ajv2020({ strict: false }).compile({ ...schema, $defs: defs });
}

/** Free JSON without what manifests refuse: names of JavaScript's own, and numbers that cannot be kept exactly. */
function withoutForbidden(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutForbidden);
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? 7 : value;
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => !['__proto__', 'constructor', 'prototype'].includes(key),
  );
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutForbidden(member)]));
}
