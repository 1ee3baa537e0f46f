import { envelope, unlessBound } from './envelope.mjs';
import { kindsOf } from './schemas.mjs';

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
      'The desired state of one object at one vendor. Only the fields that spec declares are managed.',
    ...rest,
    properties,
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
    $defs: definitions(vendors),
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
