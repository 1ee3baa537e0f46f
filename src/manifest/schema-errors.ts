import type { Json } from '../model/json.js';
import { formatPointer, parsePointer, valueAt } from '../model/pointer.js';
import type { Remark } from './findings.js';
import { prettyPath, quote } from './pretty-path.js';
import { explain } from './schema-words.js';
import type { SchemaError } from './schemas.js';
import { secretPlaceOf, secretRemark } from './secret-errors.js';
import { didYouMean, suggest } from './suggest.js';

/** What the messages need to know about the document beyond its schema. */
export interface Subject {
  value: Json;
  /** The member names that may stand at a JSON Pointer, where they are known. */
  known(pointer: string): readonly string[];
  /** JSON Pointers into the document of places that take a secret reference. */
  secretPlaces: readonly string[];
  /** A way out for a required field that is missing, where there is a special one. */
  required?(pointer: string, field: string): { summary: string; detail: string } | undefined;
  /** Who could clear a field: `Anam`. Absent where `null` is just a wrong type. */
  clearedBy?: string;
}

/** A schema's errors as messages: one per mistake, none that shows a value which could be a secret. */
export function schemaRemarks(errors: readonly SchemaError[], subject: Subject): Remark[] {
  const remarks = new Map<string, Remark>();
  const guessed = new Set<string>();
  const missing: SchemaError[] = [];
  const wrongType = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  for (const error of errors.filter(saysSomething)) {
    const { instancePath, keyword, params } = error;
    const secret = secretPlaceOf(error, subject.secretPlaces);
    if (secret !== undefined) {
      remarks.set(secret, secretRemark(secret, valueAt(subject.value, parsePointer(secret))));
    } else if (keyword === 'required') {
      missing.push(error);
    } else if (keyword === 'additionalProperties') {
      const remark = unknownField(instancePath, String(params.additionalProperty), subject, errors, guessed);
      remarks.set(`${remark.path} unknown`, remark);
    } else if (keyword === 'propertyNames') {
      const remark = wrongName(instancePath, String(params.propertyName));
      remarks.set(`${remark.path} name`, remark);
    } else if (keyword === 'type' || !wrongType.has(instancePath)) {
      remarks.set(`${instancePath} ${keyword}`, explain(error, subject));
    }
  }
  for (const { instancePath, params } of missing) {
    const field = String(params.missingProperty);
    const path = instancePath + formatPointer([field]);
    // A misspelt field explains the one that is missing.
    if (!guessed.has(path)) remarks.set(`${path} missing`, missingField(instancePath, field, subject));
  }
  return [...remarks.values()];
}

/** Some errors only say that another one failed; those inside `propertyNames` do not say for which name. */
function saysSomething(error: SchemaError): boolean {
  return !FOLLOWS_FROM_OTHERS.has(error.keyword) && !('propertyName' in error);
}

const FOLLOWS_FROM_OTHERS = new Set(['if', 'allOf', 'anyOf', 'oneOf']);

function unknownField(
  where: string,
  name: string,
  subject: Subject,
  errors: readonly SchemaError[],
  guessed: Set<string>,
): Remark {
  const known = subject.known(where);
  const missing = errors
    .filter((other) => other.keyword === 'required' && other.instancePath === where)
    .map((other) => String(other.params.missingProperty));
  const candidates = [...missing, ...known];
  const guess = suggest(name, candidates);
  if (guess !== undefined) guessed.add(where + formatPointer([guess]));
  const belongsInSpec = where === '' && subject.known('/spec').includes(name);
  const exist = known.length === 0 ? '' : `Known here: ${known.join(', ')}.`;
  const wayOut = belongsInSpec
    ? 'It belongs one level deeper, under spec.'
    : didYouMean(name, candidates) + exist;
  const path = where + formatPointer([name]);
  return {
    code: 'unknown',
    summary: `unknown field ${quote(name)}${where === '' ? '' : ` in ${prettyPath(where)}`}`,
    detail: wayOut === '' ? 'Remove it, or check its spelling in the reference.' : wayOut.trim(),
    path,
    part: 'key',
    hide: true,
  };
}

function wrongName(where: string, name: string): Remark {
  return {
    code: 'schema',
    summary: `the name ${quote(name)} in ${prettyPath(where)} does not have the right form`,
    detail: 'A name is 1 to 63 letters, digits, ".", "_" and "-", with a letter or digit first.',
    path: where + formatPointer([name]),
    part: 'key',
  };
}

function missingField(where: string, field: string, subject: Subject): Remark {
  const path = where + formatPointer([field]);
  const words = subject.required?.(where, field) ?? {
    summary: `${prettyPath(path)} is missing`,
    detail: `Add ${quote(field)} to ${prettyPath(where)}.`,
  };
  return { code: 'schema', ...words, path, part: 'key' };
}
