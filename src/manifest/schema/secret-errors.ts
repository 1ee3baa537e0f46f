import type { SchemaError } from '../../model/compiled-schema.js';
import { formatPath } from '../../model/format-path.js';
import { isObject, type Json } from '../../model/json.js';
import type { DocumentFinding } from '../yaml/findings.js';

/** The place of the secret reference that an error is about; undefined when it is about something else. */
export function secretPlaceOf(error: SchemaError, places: readonly string[]): string | undefined {
  // A place that is closed altogether is a contradiction between fields, not a wrong reference.
  if (error.keyword === 'false schema') return undefined;
  const { instancePath, schemaPath } = error;
  const place = places.find((known) => instancePath === known || instancePath.startsWith(`${known}/`));
  if (place !== undefined) return place;
  if (!schemaPath.includes('SecretReference/')) return undefined;
  return instancePath.replace(/\/(?:fromEnv|fromFile|fromCommand|keep)(?:\/\d+)?$/, '');
}

/** Explains a wrong secret reference. Nothing of the value is shown, not even a key: it may be a secret. */
export function explainSecretError(
  place: string,
  value: Json | undefined,
  mayKeep: boolean,
): DocumentFinding {
  const forms = mayKeep ? `${FORMS} ${KEEP}` : FORMS;
  const literal = !isObject(value) && value !== null && value !== undefined;
  return {
    code: literal ? 'secret-literal' : 'schema',
    summary: literal
      ? `${formatPath(place)} must be a reference to a secret, not the secret itself`
      : `${formatPath(place)} is not a usable reference to a secret`,
    detail: literal ? `${MOVE_OUT} ${forms}` : `${forms} ${NAMES}`,
    path: place,
    hide: true,
  };
}

const MOVE_OUT = 'Remove the secret from the file, and replace it at the vendor if the file was ever shared.';
const FORMS = 'Write { fromEnv: NAME }, { fromFile: path } or { fromCommand: [prog, arg] }.';
const KEEP = 'Of an object that exists, { keep: true } leaves the one that the vendor holds.';
const NAMES = 'NAME is the name of an environment variable: letters, digits and "_", not the value.';
