import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A schema, or a part of one, as parsed JSON. */
export interface Schema {
  [keyword: string]: unknown;
  $id?: string;
  $ref?: string;
  title?: string;
  description?: string;
  examples?: unknown[];
  required?: string[];
  properties?: Record<string, Schema | boolean>;
  items?: Schema;
  $defs?: Record<string, Schema>;
}

export function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8'));
}

/** Schemas that hold kinds; the others describe a whole document. */
export const vendorIds = readdirSync(join(root, 'schemas'))
  .map((file) => file.replace('.schema.json', ''))
  .filter((name) => readSchema(name).type === undefined);

/** Every kind of every vendor: `anam/LLM` and the schema of its spec. */
export const kinds: [name: string, spec: Schema, vendor: Schema][] = vendorIds.flatMap((id) => {
  const schema = readSchema(id);
  return Object.entries(schema.$defs ?? {})
    .filter(([kind]) => kind !== 'SecretReference')
    .map(([kind, spec]): [string, Schema, Schema] => [`${id}/${kind}`, spec, schema]);
});

export function strictAjv(): Ajv2020 {
  return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
}

/** A manifest of a kind such as `anam/LLM`. */
export function manifestOf(name: string, spec: object, metadata: object = {}): object {
  const [vendor, kind] = name.split('/');
  return { apiVersion: 'llmform/v1', kind, vendor, metadata: { name: 'support', ...metadata }, spec };
}

/** The spec made of each field's first example. */
export function exampleSpec(spec: Schema): Record<string, unknown> {
  const fields = Object.entries(spec.properties ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [name, typeof field === 'object' ? field.examples?.[0] : undefined]),
  );
}
