import { envelope } from './envelope.mjs';
import { kindsOf } from './schemas.mjs';
import { code, plain, table } from './table.mjs';

/** The manifest reference: a table for the envelope, for secret references, and for the spec of every kind. */
export function reference({ project, vendors }) {
  const ids = Object.keys(vendors);
  const [first] = Object.values(vendors);
  const whole = envelope({
    vendor: { enum: ids },
    kind: { enum: kindNames(vendors) },
    spec: { type: 'object' },
  });
  const sections = [
    section('Every manifest', 'What stands around the spec.', whole),
    section('Secret references', first.$defs.SecretReference.description, first.$defs.SecretReference),
  ];
  for (const id of ids) {
    for (const [kind, spec] of kindsOf(vendors[id])) {
      const title = `vendor: ${id}, kind: ${kind}`;
      sections.push(section(code(title), `${spec.description} The fields of \`spec\`:`, spec));
    }
  }
  sections.push(section('Project file', project.description, project, project.$defs));
  return sections.join('\n\n');
}

function kindNames(vendors) {
  return [...new Set(Object.values(vendors).flatMap((schema) => kindsOf(schema).map(([kind]) => kind)))];
}

function section(title, text, schema, defs) {
  const rows = fieldsOf(schema, '', defs).map(({ path, field, required }) => [
    code(path),
    typeOf(field, defs),
    required ? 'yes' : '',
    describe(field),
  ]);
  return `#### ${title}\n\n${text}\n\n${table(['field', 'type', 'required', 'what it is'], rows)}`;
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
