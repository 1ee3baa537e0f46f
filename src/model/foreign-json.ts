import type { CompiledSchema, SchemaError } from './compiled-schema.js';
import { describeType, formatPath, listNames } from './format-path.js';
import type { Json } from './json.js';
import { formatPointer } from './pointer.js';

/** A value in the shape that its reader expects, or what is wrong with it, in words that can follow `: `. */
export type Checked<T> = { value: T } | { fault: string };

/**
 * How deep JSON may be nested: code that walks or prints a value calls itself on every level. Twice as deep as a manifest,
 * since a plan wraps what manifests hold.
 */
const MAX_DEPTH = 200;

/**
 * JSON that another process, another version or a stranger wrote. `T` is what the schema describes; the schema also drops
 * the members that it closes out with `additionalProperties: false`.
 */
export function readForeignJson<T>(text: string, schema: CompiledSchema): Checked<T> {
  const parsed = parseForeignJson(text);
  return 'fault' in parsed ? parsed : checkShape<T>(parsed.value, schema);
}

/** The JSON of a text, before anything is known of its shape. */
export function parseForeignJson(text: string): Checked<Json> {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    if (text.trim() === '') return { fault: 'it is empty' };
    if (/^(<<<<<<<|>>>>>>>) /m.test(text)) return { fault: 'it holds the marks of a merge conflict' };
    return { fault: 'it is not JSON, or cut off' };
  }
  if (isDeeperThan(MAX_DEPTH, value)) return { fault: `it is nested more than ${MAX_DEPTH} levels deep` };
  return { value };
}

/** A value by its schema. Drops members from the value itself, as `readForeignJson` says. */
export function checkShape<T>(value: Json, schema: CompiledSchema): Checked<T> {
  if (schema(value)) return { value: value as T };
  const [first] = schema.errors ?? [];
  return { fault: first === undefined ? 'it has another shape' : describeShapeError(first) };
}

function isDeeperThan(levels: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(levels - 1, item));
  for (const name in value) if (isDeeperThan(levels - 1, value[name] ?? null)) return true;
  return false;
}

function describeShapeError({ instancePath, keyword, params }: SchemaError): string {
  const place = nameOf(instancePath);
  switch (keyword) {
    case 'required':
      return `${nameOf(instancePath + formatPointer([String(params.missingProperty)]))} is missing`;
    case 'type':
      return `${place} is not ${[params.type].flat().map(String).map(describeType).join(' or ')}`;
    case 'const':
      return `${place} is not ${JSON.stringify(params.allowedValue)}`;
    case 'enum':
      return `${place} is none of ${listNames([params.allowedValues].flat().map(String))}`;
    case 'minLength':
      return `${place} is empty`;
    case 'pattern':
      return `${place} does not match ${String(params.pattern)}`;
    default:
      return `${place} has a value that is not allowed`;
  }
}

function nameOf(pointer: string): string {
  return pointer === '' ? 'it' : formatPath(pointer);
}
