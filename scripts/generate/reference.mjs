import { envelope } from './envelope.mjs';
import { kindsOf } from './schemas.mjs';
import { statementsSchema } from './statements-schema.mjs';
import { code, plain, table } from './table.mjs';

/** The pages that come from the JSON Schemas: file name below docs/reference -> Markdown. */
export function schemaPages({ project, vendors }) {
  const ids = Object.keys(vendors);
  const [first] = Object.values(vendors);
  const whole = envelope({
    vendor: { enum: ids },
    kind: { enum: kindNames(vendors) },
    spec: { type: 'object' },
  });
  const secret = first.$defs.SecretReference;
  return {
    'manifest.md': [
      '# Manifest fields',
      'The fields around `spec`, which are the same for every vendor. The fields of `spec` are listed by vendor: ' +
        `${ids.map((id) => `[${id}](${id}.md)`).join(', ')}.`,
      fieldTable(whole),
      `## Secret references\n\n${plain(secret.description)}`,
      fieldTable(secret),
      `## Statements to the ledger\n\n${plain(statementsSchema.description)} See [Renaming and letting go](../renaming.md).`,
      fieldTable(statementsSchema),
    ].join('\n\n'),
    'project-file.md': [
      '# Project file fields',
      plain(project.description),
      fieldTable(project, project.$defs),
    ].join('\n\n'),
    ...Object.fromEntries(ids.map((id) => [`${id}.md`, vendorPage(id, vendors[id])])),
  };
}

function vendorPage(id, schema) {
  const kinds = kindsOf(schema).map(
    ([kind, spec]) => `## ${code(`kind: ${kind}`)}\n\n${plain(spec.description)}\n\n${fieldTable(spec)}`,
  );
  return [
    `# Fields of ${code(`vendor: ${id}`)}`,
    'The fields of `spec`, in the names that the vendor uses. A field that is left out is not managed.',
    ...kinds,
  ].join('\n\n');
}

function kindNames(vendors) {
  return [...new Set(Object.values(vendors).flatMap((schema) => kindsOf(schema).map(([kind]) => kind)))];
}

function fieldTable(schema, defs) {
  const rows = fieldsOf(schema, '', defs).map(({ path, field, required }) => [
    code(path),
    typeOf(field, defs),
    required ? 'yes' : '',
    describe(field),
  ]);
  return table(['field', 'type', 'required', 'description'], rows);
}

/** All fields below an object, depth first, with paths such as `urls[].url`. */
function fieldsOf(schema, prefix, defs = {}) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (field === false) return [];
    const path = `${prefix}${name}`;
    const item = { path, field, required: schema.required?.includes(name) ?? false };
    return [item, ...below(field, path, defs)];
  });
}

function below(field, path, defs) {
  const item = resolved(field.items, defs);
  if (item?.properties !== undefined) return fieldsOf(item, `${path}[].`, defs);
  const named = resolved(field.additionalProperties, defs);
  if (named?.properties !== undefined) return fieldsOf(named, `${path}.<name>.`, defs);
  return fieldsOf(field, `${path}.`, defs);
}

function resolved(schema, defs) {
  return schema?.$ref === undefined ? schema : defs[schema.$ref.replace('#/$defs/', '')];
}

function typeOf(field, defs = {}) {
  if (field.$ref !== undefined) return 'secret reference';
  if ('const' in field) return code(field.const);
  if (field.enum !== undefined) return field.enum.map(code).join(', ');
  if (field.type === 'array')
    return `list of ${field.items?.enum ? typeOf(field.items) : `${resolved(field.items, defs).type}s`}`;
  if (field.then?.$ref !== undefined) return 'string or secret reference';
  return `${[field.type].flat().join(' or ')}${limits(field)}`;
}

function limits({ minLength, maxLength, minimum, maximum, exclusiveMinimum, maxProperties }) {
  if (maxLength !== undefined) return `, ${minLength ?? 0} to ${maxLength} characters`;
  if (maxProperties !== undefined) return `, at most ${maxProperties} keys`;
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return exclusiveMinimum === undefined ? '' : `, above ${exclusiveMinimum}`;
}

function describe({ description, default: value }) {
  const text = plain(description);
  return value === undefined ? text : `${text} Default: ${code(JSON.stringify(value))}.`;
}
