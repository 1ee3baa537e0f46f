import { describe, expect, it } from 'vitest';
import { fieldsOf, kindsOf, validators } from '../../src/manifest/schema/validators.generated.js';
import {
  exampleSpec,
  kinds,
  manifestOf,
  readSchema,
  type Schema,
  strictAjv,
  vendorIds,
} from './documents.js';

const forEditors = strictAjv().compile(readSchema('manifest'));

describe.each([...vendorIds, 'project', 'manifest'])('schemas/%s.schema.json', (name) => {
  it('compiles in strict mode', () => {
    const schema = readSchema(name);
    expect(schema.$id).toBe(`${name}.schema.json`);
    expect(strictAjv().compile(schema)).toBeTypeOf('function');
  });
});

describe('the compiled validators', () => {
  it('are there for the project and for every kind', () => {
    expect(Object.keys(validators).sort()).toEqual(
      ['ledger', 'project', ...kinds.map(([name]) => name)].sort(),
    );
    expect(kindsOf.liveavatar?.toSorted()).toEqual(['LLM', 'Secret']);
  });

  it.each(kinds)('list the fields of %s', (name, spec) => {
    expect(fieldsOf[name]).toEqual(Object.keys(spec.properties ?? {}));
  });
});

describe.each(kinds)('a manifest of %s', (name, spec, vendor) => {
  const good = exampleSpec(spec);

  it('may declare every field', () => {
    expect(violations(manifestOf(name, good))).toEqual([]);
  });

  it('needs no field when it binds to an existing object', () => {
    expect(violations(manifestOf(name, {}, { id: '42' }))).toEqual([]);
  });

  it('needs what the vendor requires on create', () => {
    const missing = violations(manifestOf(name, {})).map(({ params }) => params.missingProperty);
    expect(missing.toSorted()).toEqual(spec.required?.toSorted());
  });

  it('has no fields that the vendor does not have', () => {
    const [violation, ...others] = violations(manifestOf(name, { ...good, mystery: 1 }));
    expect(violation).toMatchObject({
      instancePath: '/spec',
      keyword: 'additionalProperties',
      params: { additionalProperty: 'mystery' },
    });
    expect(others).toEqual([]);
  });

  it.each(Object.keys(spec.properties ?? {}))('has no null and no wrong type in %s', (field) => {
    for (const wrong of [null, true]) {
      const found = violations(manifestOf(name, { ...good, [field]: wrong }));
      expect(found.map(({ instancePath, keyword }) => ({ instancePath, keyword }))).toContainEqual({
        instancePath: `/spec/${field}`,
        keyword: 'type',
      });
    }
  });

  it('says what a secret reference is as all others do, and the project file, where nothing can be kept', () => {
    const { description: _, properties: { keep, ...sources } = {}, ...own } = secretIn(vendor);
    expect(keep).toMatchObject({ const: true });
    const { description: __, ...others } = secretIn(readSchema('project'));
    expect({ ...own, properties: sources }).toEqual(others);
    expect(secretIn(vendor)).toEqual(secretIn(readSchema('anam')));
  });
});

describe.each([
  ['liveavatar/Secret', '/secret_value'],
  ['anam/LLM', '/secret'],
  ['goodmem/LLM', '/credentials/apiKey/inlineSecret'],
  ['flashback/LLM', '/key'],
  ['flashback/LLM', '/secret'],
])('%s%s', (name, path) => {
  const literal = 'sk-live-0123456789';

  function withSecret(value: unknown): object {
    const spec = path
      .split('/')
      .slice(1)
      .reduceRight((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
    if (spec.credentials) Object.assign(spec.credentials, { kind: 'CREDENTIAL_KIND_API_KEY' });
    return manifestOf(name, spec, { id: '42' });
  }

  it.each([literal, 42, null, [literal]])('takes a reference where %j stands', (value) => {
    const found = violations(withSecret(value));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ instancePath: `/spec${path}`, keyword: 'type' });
    expect(found[0]?.schemaPath).toContain('SecretReference/type');
    expect(JSON.stringify(found)).not.toContain(literal);
  });

  it.each([{ fromEnv: 'A_KEY' }, { fromFile: 'a/key' }, { fromCommand: ['op', 'read', 'key'] }])(
    'takes %j',
    (reference) => {
      expect(violations(withSecret(reference))).toEqual([]);
    },
  );

  it.each([
    {},
    { fromEnv: 'A', fromFile: 'b' },
    { fromEnv: literal },
    { fromVault: 'x' },
    { fromCommand: [] },
  ])('refuses %j without repeating a value', (reference) => {
    const found = violations(withSecret(reference));
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain(literal);
  });
});

/** What the compiled validator says. The schema for editors has to come to the same verdict. */
function violations(manifest: object) {
  const { vendor, kind } = manifest as { vendor: string; kind: string };
  const validate = validators[`${vendor}/${kind}`];
  if (!validate) throw new Error(`no validator for ${vendor}/${kind}`);
  const valid = validate(manifest);
  expect(forEditors(manifest)).toBe(valid);
  expect(validate.errors === null).toBe(valid);
  return validate.errors ?? [];
}

function secretIn(schema: Schema): Schema {
  return schema.$defs?.SecretReference ?? {};
}
