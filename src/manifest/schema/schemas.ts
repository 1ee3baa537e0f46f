import * as generated from './validators.generated.js';

/** One error of a compiled JSON Schema. */
export interface SchemaError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** A compiled JSON Schema: false, and `errors`, for a value that it rejects. */
export type CompiledSchema = ((value: unknown) => boolean) & { errors?: readonly SchemaError[] | null };

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
