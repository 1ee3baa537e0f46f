import { isObject, type Json, type JsonObject } from '../model/json.js';

/** One thing that is wrong with a request body. */
export interface Problem {
  path: readonly (string | number)[];
  message: string;
  code: string;
  /** The value that was sent there: vendors echo it, and so an error body may hold a secret. */
  input: Json;
}

/** Looks at one value and reports what its documentation does not allow. */
export type Check = (value: Json, path: readonly (string | number)[]) => Problem[];

/** Members that are in no schema: refused, dropped, or stored as newer servers do with fields that they have since. */
export type UnknownMembers = 'reject' | 'ignore' | 'keep';

/** An object with these members and, unless told otherwise, no others. */
export function record(
  fields: Readonly<Record<string, Check>>,
  rules: { required?: readonly string[]; unknown?: UnknownMembers } = {},
): Check {
  return (value, path) => {
    if (!isObject(value)) return wrong(value, path, 'object_type', 'must be an object');
    const problems = (rules.required ?? [])
      .filter((name) => !Object.hasOwn(value, name))
      .flatMap((name) => wrong(value, [...path, name], 'missing', 'is required'));
    for (const [name, member] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check) problems.push(...check(member, [...path, name]));
      else if ((rules.unknown ?? 'reject') === 'reject') {
        problems.push(...wrong(member, [...path, name], 'unknown_member', 'is not a known field'));
      }
    }
    return problems;
  };
}

/** A string; `null` is not one. */
export function text(limits: { min?: number; max?: number } = {}): Check {
  return (value, path) => {
    if (typeof value !== 'string') return wrong(value, path, 'string_type', 'must be a string');
    if (value.length < (limits.min ?? 0)) {
      return wrong(value, path, 'string_too_short', `must have at least ${limits.min} characters`);
    }
    if (value.length > (limits.max ?? Number.POSITIVE_INFINITY)) {
      return wrong(value, path, 'string_too_long', `must have at most ${limits.max} characters`);
    }
    return [];
  };
}

export function choice(values: readonly string[]): Check {
  return (value, path) =>
    typeof value === 'string' && values.includes(value)
      ? []
      : wrong(value, path, 'enum', `must be one of ${values.join(', ')}`);
}

/** An absolute URL; with `web`, of http or https. */
export function link(kind: 'any' | 'web' = 'web'): Check {
  return (value, path) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    const fits = url && (kind === 'any' || url.protocol === 'http:' || url.protocol === 'https:');
    return fits ? [] : wrong(value, path, 'url', 'must be an absolute URL');
  };
}

export function flag(): Check {
  return (value, path) =>
    typeof value === 'boolean' ? [] : wrong(value, path, 'bool_type', 'must be true or false');
}

/** A number within the given bounds; with `whole`, an integer. */
export function amount(limits: { min?: number; max?: number; whole?: true } = {}): Check {
  return (value, path) => {
    if (typeof value !== 'number' || (limits.whole && !Number.isInteger(value))) {
      return wrong(value, path, 'number_type', `must be ${limits.whole ? 'an integer' : 'a number'}`);
    }
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
    return value >= min && value <= max ? [] : wrong(value, path, 'out_of_range', 'is out of range');
  };
}

export function list(item: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((member, index) => item(member, [...path, index]))
      : wrong(value, path, 'list_type', 'must be an array');
}

/** Any JSON object. */
export function object(): Check {
  return (value, path) => (isObject(value) ? [] : wrong(value, path, 'object_type', 'must be an object'));
}

/** An object with free keys, as labels are. */
export function map(item: Check, limits: { max: number; key: RegExp }): Check {
  return (value, path) => {
    if (!isObject(value)) return wrong(value, path, 'object_type', 'must be an object');
    const entries = Object.entries(value);
    const problems =
      entries.length > limits.max
        ? wrong(value, path, 'too_many', `must have at most ${limits.max} entries`)
        : [];
    for (const [key, member] of entries) {
      if (!limits.key.test(key)) problems.push(...wrong(key, [...path, key], 'key', 'is not a valid key'));
      problems.push(...item(member, [...path, key]));
    }
    return problems;
  };
}

export function nullable(check: Check): Check {
  return (value, path) => (value === null ? [] : check(value, path));
}

/** Refuses every value, because of a rule that the vendor's schema does not hold. */
export function refused(message: string): Check {
  return (value, path) => wrong(value, path, 'refused', message);
}

/** The members of a body that are among `names`. */
export function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}

/**
 * The members of a body that a vendor stores: `names`, and where it keeps unknown members all that it does not know by any
 * name.
 */
export function storedMembers(
  body: JsonObject,
  names: readonly string[],
  unknown: UnknownMembers,
  others: readonly string[] = [],
): JsonObject {
  return unknown === 'keep'
    ? omit(
        body,
        others.filter((name) => !names.includes(name)),
      )
    : pick(body, names);
}

/** The members of a body that are not among `names`. */
export function omit(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** A problem in words, without what was sent. */
export function describe(problem: Problem): string {
  return `${problem.path.join('.') || 'body'} ${problem.message}`;
}

function wrong(input: Json, path: Problem['path'], code: string, message: string): Problem[] {
  return [{ path, message, code, input }];
}
