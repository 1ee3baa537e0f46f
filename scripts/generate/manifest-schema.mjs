import { envelope, unlessBound } from './envelope.mjs';
import { kindsOf } from './schemas.mjs';
import { statementsSchema } from './statements-schema.mjs';

/** One self-contained schema for a manifest of any built-in vendor, for editors. */
export function manifestSchema(vendors) {
  const ids = Object.keys(vendors);
  const kinds = [...new Set(ids.flatMap((id) => kindsOf(vendors[id]).map(([kind]) => kind)))];
  const { properties, ...rest } = envelope({
    vendor: { enum: ids },
    kind: { enum: kinds },
    spec: { type: 'object' },
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'manifest.schema.json',
    $comment: 'Generated from the vendor schemas by "npm run generate": do not edit.',
    title: 'llmform manifest',
    description:
      'The desired state of one object at one vendor (only the fields that spec declares are managed), or statements to the ledger.',
    type: 'object',
    properties: { ...properties, kind: { ...properties.kind, enum: [...kinds, 'Ledger'] }, ...statements },
    required: ['apiVersion', 'kind'],
    if: { properties: { kind: { const: 'Ledger' } }, required: ['kind'] },
    then: { $ref: '#/$defs/Ledger' },
    else: { $ref: '#/$defs/Manifest' },
    $defs: {
      Ledger: statementsSchema,
      Manifest: manifestOf(ids, vendors, { properties, ...rest }),
      ...definitions(vendors),
    },
  };
}

/** The members that only a document of `kind: Ledger` has, known at the top so that editors offer them. */
const { project, bind, moved, forget } = statementsSchema.properties;
const statements = { project, bind, moved, forget };

function manifestOf(ids, vendors, manifest) {
  return {
    ...manifest,
    allOf: ids.flatMap((id) => [
      {
        if: isVendor(id),
        then: { properties: { kind: { enum: kindsOf(vendors[id]).map(([kind]) => kind) } } },
      },
      ...kindsOf(vendors[id]).map(([kind, spec]) => ({
        if: isVendor(id, kind),
        then: specOf(`${id}-${kind}`, spec.required),
      })),
    ]),
  };
}

function isVendor(id, kind) {
  const properties = { vendor: { const: id } };
  if (kind !== undefined) properties.kind = { const: kind };
  return { properties, required: Object.keys(properties) };
}

/** Fields that the vendor requires on create are required unless the manifest binds to an existing object. */
function specOf(name, required) {
  return {
    properties: { spec: { $ref: `#/$defs/${name}` } },
    ...unlessBound(required),
  };
}

function definitions(vendors) {
  const defs = {};
  for (const [id, schema] of Object.entries(vendors)) {
    for (const [kind, { required: _, ...spec }] of kindsOf(schema)) defs[`${id}-${kind}`] = spec;
    defs.SecretReference = schema.$defs.SecretReference;
  }
  return defs;
}
