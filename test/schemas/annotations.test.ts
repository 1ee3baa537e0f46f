import { describe, expect, it } from 'vitest';
import { kinds, readSchema, type Schema, strictAjv } from './documents.js';

const sources: [name: string, schema: Schema, defs: Schema['$defs']][] = [
  ...kinds.map(([name, spec, vendor]): [string, Schema, Schema['$defs']] => [name, spec, vendor.$defs]),
  ['project', readSchema('project'), readSchema('project').$defs],
  ['project target', readSchema('project').$defs?.Target ?? {}, readSchema('project').$defs],
  ['project window', readSchema('project').$defs?.Window ?? {}, readSchema('project').$defs],
  ['project notify', readSchema('project').$defs?.Notify ?? {}, readSchema('project').$defs],
  ['manifest', readSchema('manifest'), readSchema('manifest').$defs],
  ['secret reference', readSchema('project').$defs?.SecretReference ?? {}, {}],
];

describe.each(sources)('the schema of %s', (_, schema, defs) => {
  const fields = [...fieldsOf(schema, '')];

  it('explains itself', () => {
    expect(schema.title).toMatch(/\S/);
    expect(schema.description).toMatch(/\.$/);
  });

  it.each(fields)('explains %s and gives an example', (path, field) => {
    expect(field.title).toMatch(/\S/);
    expect(field.description).toMatch(/\.$/);
    // The spec of the envelope has no example of its own: it is another one for every vendor.
    if (path !== '/spec') expect(field.examples?.length).toBeGreaterThan(0);
  });

  it.each(fields)('gives examples and a default of %s that are valid', (_path, field) => {
    const { $id: _id, ...bare } = field;
    const validate = strictAjv().compile({ ...bare, $defs: defs });
    const values = 'default' in field ? [...(field.examples ?? []), field.default] : (field.examples ?? []);
    for (const value of values) expect({ value, valid: validate(value) }).toEqual({ value, valid: true });
  });
});

function* fieldsOf(schema: Schema, prefix: string): Generator<[string, Schema]> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (typeof field === 'boolean') continue;
    const path = `${prefix}/${name}`;
    yield [path, field];
    yield* fieldsOf(field, path);
    if (field.items) yield* fieldsOf(field.items, `${path}/0`);
  }
}
