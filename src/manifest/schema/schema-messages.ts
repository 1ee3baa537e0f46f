import type { SchemaError } from '../../model/compiled-schema.js';
import { describeType, describeValue, formatPath, listNames } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import { parsePointer, valueAt } from '../../model/pointer.js';
import { didYouMean } from '../../model/suggest.js';
import type { DocumentFinding } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';

/** One error of a value in plain words. The value itself is never shown; the excerpt shows what may be shown. */
export function explainValueError(
  error: SchemaError,
  subject: { value: Json; secretPlaces: readonly string[]; clearedBy?: string },
): DocumentFinding {
  const { instancePath: path, keyword, params } = error;
  const value = valueAt(subject.value, parsePointer(path));
  const words = schemaMessage(
    keyword,
    params,
    formatPath(path),
    value,
    path.startsWith('/spec/') ? subject.clearedBy : undefined,
  );
  // A list that is too long, or a key that is not allowed, is best seen at the key.
  const part = typeof value === 'object' ? 'key' : 'value';
  // A value in the place of a map with a secret in it may well be that secret.
  const hide = subject.secretPlaces.some((place) => place.startsWith(`${path}/`));
  return { code: 'schema', ...words, path, part, ...(hide ? { hide } : {}) };
}

function schemaMessage(
  keyword: string,
  params: Record<string, unknown>,
  name: string,
  value: Json | undefined,
  clearedBy: string | undefined,
): Message {
  const limit = String(params.limit);
  switch (keyword) {
    case 'type':
      return wrongType(params.type, name, value, clearedBy);
    case 'enum':
      return notAllowed(params.allowedValues, name, value);
    case 'const':
      return {
        summary: `${name} must be ${JSON.stringify(params.allowedValue)}`,
        detail: 'No other value is known.',
      };
    case 'pattern':
      return wrongForm(String(params.pattern), name);
    case 'minLength':
      if (value === '')
        return { summary: `${name} must not be empty`, detail: 'Leave the field out to stop managing it.' };
      return { summary: `${name} is too short`, detail: `It needs at least ${limit} characters.` };
    case 'maxLength':
      return { summary: `${name} is too long`, detail: `It may hold at most ${limit} characters.` };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return {
        summary: `${name} is out of range`,
        detail: `It must be ${COMPARISONS[String(params.comparison)] ?? ''} ${limit}.`,
      };
    case 'multipleOf':
      return { summary: `${name} is not a multiple of ${String(params.multipleOf)}`, detail: 'Round it.' };
    case 'minItems':
    case 'minProperties':
      return { summary: `${name} holds too few entries`, detail: `It needs at least ${limit}.` };
    case 'maxItems':
    case 'maxProperties':
      return { summary: `${name} holds too many entries`, detail: `It may hold at most ${limit}.` };
    case 'uniqueItems':
      return {
        summary: `${name} names the same entry twice`,
        detail: `Entries ${Math.min(Number(params.i), Number(params.j)) + 1} and ${Math.max(Number(params.i), Number(params.j)) + 1} are equal: remove one.`,
      };
    case 'false schema':
      return closed(name);
    default:
      return { summary: `${name} is not valid`, detail: 'Compare it with the reference and the examples.' };
  }
}

const COMPARISONS: Record<string, string> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

function wrongType(
  type: unknown,
  name: string,
  value: Json | undefined,
  clearedBy: string | undefined,
): Message {
  const types = (Array.isArray(type) ? type : [type]).map(String).filter((one) => one !== 'null');
  const expected = types.map(describeType).join(' or ');
  if (value === null && clearedBy !== undefined) {
    return {
      summary: `${clearedBy} has no documented way to clear ${name}`,
      detail:
        'Leave the field out to stop managing it. (A key with nothing after it is null; write "" for empty text.)',
    };
  }
  if (value === null) {
    return {
      summary: `${name} is empty`,
      detail: `It must be ${expected}; leave it out if it is not needed.`,
    };
  }
  return {
    summary: `${name} must be ${expected}, not ${describeValue(value)}`,
    detail: `Write ${expected}.${hintOnQuotes(types, value)}`,
  };
}

function hintOnQuotes(types: readonly string[], value: Json | undefined): string {
  if (types.includes('string')) return typeof value === 'object' ? '' : ' In quotes, any value is text.';
  return typeof value === 'string' ? ' A value in quotes is always text.' : '';
}

function notAllowed(allowed: unknown, name: string, value: Json | undefined): Message {
  const values = Array.isArray(allowed) ? allowed.map(String) : [];
  const guess = typeof value === 'string' ? didYouMean(value, values) : '';
  return {
    summary: `${name} has a value that is not allowed`,
    detail: `${guess}Allowed: ${listNames(values)}.`,
  };
}

function wrongForm(pattern: string, name: string): Message {
  const form = FORMS.find(([start]) => pattern.startsWith(start))?.[1];
  return {
    summary: `${name} does not have the right form`,
    detail: form === undefined ? `It must match the pattern ${pattern}.` : `It must be ${form}.`,
  };
}

/** Starts of the patterns that our schemas use, in words. */
const FORMS: readonly (readonly [string, string])[] = [
  ['^https?://', 'a URL that starts with http:// or https://'],
  ['^[a-z0-9-]{1,63}$', '1 to 63 lower-case letters, digits and "-"'],
  ['^[0-9a-fA-F]{8}', 'a UUID, such as 7c0c1d9e-7f58-4f8e-a7d5-0a5a3a1c9b11'],
  ['^[A-Za-z0-9][A-Za-z0-9._-]*$', 'the name of a git remote, such as origin'],
  ['^[A-Za-z0-9][A-Za-z0-9._-]', '1 to 63 letters, digits, ".", "_" and "-", with a letter or digit first'],
  ['^(?:project [A', 'an address (TARGET/KIND/NAME), the name of a target, or "project NAME"'],
  ['^refs/', 'the full name of a ref, such as refs/llmform/ledger'],
  ['^(?!.*\\.git', 'a path inside the ref, such as ledger.json or shop/ledger.json'],
  ['^Secret/', 'a reference such as Secret/openai'],
  ['^[0-9]*[1-9][0-9]*(ms|s|m)$', 'a duration such as 500ms, 30s or 2m'],
  ['^[0-9]{0,6}[1-9]', 'a duration such as 30s, 10m or 1h'],
  ['^(\\[[0-9A-Fa-f', 'a host and a port, such as 127.0.0.1:9440 or [::1]:9440'],
  ['^(?!.*(\\.\\.|//', 'the name of a branch, or the full name of a ref'],
  ['^(?:/', 'a JSON Pointer into spec, such as /description'],
];

function closed(name: string): Message {
  if (name.includes('llmform')) {
    return {
      summary: `${name} is reserved: llmform keeps its ownership mark there`,
      detail: 'Use another key.',
    };
  }
  return {
    summary: `${name} contradicts another field beside it`,
    detail: 'Only one of the two is allowed: remove one.',
  };
}
