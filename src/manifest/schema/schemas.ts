import type { CompiledSchema, SchemaError } from '../../model/compiled-schema.js';
import * as generated from './validators.generated.js';

/** The compiled schemas: `project`, and one per `<vendor>/<kind>` for the whole manifest document. */
export interface Schemas {
  validators: Readonly<Record<string, CompiledSchema>>;
  /** The top-level fields of `spec`, per `<vendor>/<kind>`. */
  fieldsOf: Readonly<Record<string, readonly string[]>>;
}

/** The schemas of everything built in. */
export const builtInSchemas: Schemas = generated;

/** The errors of a document; a schema that is missing is our own mistake, not the user's. */
export function validateDocument(schemas: Schemas, name: string, value: unknown): readonly SchemaError[] {
  const validate = schemas.validators[name];
  if (validate === undefined) throw new Error(`There is no compiled schema for ${name}.`);
  return validate(value) ? [] : (validate.errors ?? []);
}
