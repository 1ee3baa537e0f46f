import type { SchemaError } from '../../model/compiled-schema.js';
import { formatPath, quoteName } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import { formatPointer, parsePointer, valueAt } from '../../model/pointer.js';
import { didYouMean, suggestWord } from '../../model/suggest.js';
import type { DocumentFinding } from '../yaml/findings.js';
import { explainValueError } from './schema-messages.js';
import { explainSecretError, secretPlaceOf } from './secret-errors.js';

/** The facts about a document that messages need beyond its schema. */
export interface CheckedDocument {
  value: Json;
  /** The member names that may stand at a JSON Pointer, where they are known. */
  known(pointer: string): readonly string[];
  /** JSON Pointers into the document of places that take a secret reference. */
  secretPlaces: readonly string[];
  /** A secret may be left as the vendor holds it. */
  mayKeepSecrets?: true;
  /** A way out for a required field that is missing, where there is a special one. */
  required?(pointer: string, field: string): { summary: string; detail: string } | undefined;
  /** The way out for a member that may be there all the same, in a sentence. */
  unknownWayOut?(path: string): string;
  /** The vendor that would have to clear a field: `Anam`. Absent where `null` is just a wrong type. */
  clearedBy?: string;
}

/** A schema's errors as messages: one per mistake, none that shows a value which could be a secret. */
export function explainSchemaErrors(
  errors: readonly SchemaError[],
  subject: CheckedDocument,
): DocumentFinding[] {
  const remarks = new Map<string, DocumentFinding>();
  const guessed = new Set<string>();
  const missing: SchemaError[] = [];
  const wrongType = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  for (const error of errors.filter(isWorthReporting)) {
    const { instancePath, keyword, params } = error;
    const secret = secretPlaceOf(error, subject.secretPlaces);
    if (secret !== undefined) {
      remarks.set(
        secret,
        explainSecretError(
          secret,
          valueAt(subject.value, parsePointer(secret)),
          subject.mayKeepSecrets === true,
        ),
      );
    } else if (keyword === 'required') {
      missing.push(error);
    } else if (keyword === 'additionalProperties') {
      const remark = unknownField(instancePath, String(params.additionalProperty), subject, errors, guessed);
      remarks.set(`${remark.path} unknown`, remark);
    } else if (keyword === 'propertyNames') {
      const remark = wrongName(instancePath, String(params.propertyName));
      remarks.set(`${remark.path} name`, remark);
    } else if (keyword === 'type' || !wrongType.has(instancePath)) {
      remarks.set(`${instancePath} ${keyword}`, explainValueError(error, subject));
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
function isWorthReporting(error: SchemaError): boolean {
  return !FOLLOWS_FROM_OTHERS.has(error.keyword) && !('propertyName' in error);
}

const FOLLOWS_FROM_OTHERS = new Set(['if', 'allOf', 'anyOf', 'oneOf']);

function unknownField(
  where: string,
  name: string,
  subject: CheckedDocument,
  errors: readonly SchemaError[],
  guessed: Set<string>,
): DocumentFinding {
  const path = where + formatPointer([name]);
  const known = subject.known(where);
  const missing = errors
    .filter((other) => other.keyword === 'required' && other.instancePath === where)
    .map((other) => String(other.params.missingProperty));
  const candidates = [...missing, ...known];
  const guess = suggestWord(name, candidates);
  if (guess !== undefined) guessed.add(where + formatPointer([guess]));
  const belongsInSpec = where === '' && subject.known('/spec').includes(name);
  const exist = known.length === 0 ? '' : `Known fields: ${known.join(', ')}.`;
  const wayOut = belongsInSpec
    ? 'It belongs one level deeper, under spec.'
    : [didYouMean(name, candidates) + exist, subject.unknownWayOut?.(path) ?? ''].join(' ');
  return {
    code: 'unknown',
    summary: `unknown field ${quoteName(name)}${where === '' ? '' : ` in ${formatPath(where)}`}`,
    detail: wayOut.trim() === '' ? 'Remove it, or check its spelling in the reference.' : wayOut.trim(),
    path,
    part: 'key',
    hide: true,
  };
}

function wrongName(where: string, name: string): DocumentFinding {
  return {
    code: 'schema',
    summary: `the name ${quoteName(name)} in ${formatPath(where)} does not have the right form`,
    detail: 'A name is 1 to 63 letters, digits, ".", "_" and "-", with a letter or digit first.',
    path: where + formatPointer([name]),
    part: 'key',
  };
}

function missingField(where: string, field: string, subject: CheckedDocument): DocumentFinding {
  const path = where + formatPointer([field]);
  const words = subject.required?.(where, field) ?? {
    summary: `${formatPath(path)} is missing`,
    detail: `Add ${quoteName(field)} to ${formatPath(where)}.`,
  };
  return { code: 'schema', ...words, path, part: 'key' };
}
