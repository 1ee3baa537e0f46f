/** One error of a compiled JSON Schema. Holds no value of what was checked, so it can be shown. */
export interface SchemaError {
  /** JSON Pointer into what was checked. */
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** A compiled JSON Schema: false, and `errors` of this call, for a value that it rejects. */
export type CompiledSchema = ((value: unknown) => boolean) & { errors?: readonly SchemaError[] | null };
