import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { parsed, type Tree } from './run-cli.js';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
const isPlan = compile('plan.schema.json');
const isApply = compile('apply.schema.json');

/** The plan that a text holds; fails where it does not follow its schema. */
export function planIn(text: string): Tree {
  const document = parsed(text);
  expect(isPlan(document) || isPlan.errors).toBe(true);
  return document;
}

/** The report of an apply that a text holds; fails where it does not follow its schema. */
export function reportIn(text: string): Tree {
  const document = parsed(text);
  expect(isApply(document) || isApply.errors).toBe(true);
  return document;
}

/** The findings of a failure as JSON; fails where the document is not that of a failure. */
export function failureIn(text: string): Tree[] {
  const document = parsed(text);
  expect(Object.keys(document)).toEqual(['formatVersion', 'diagnostics']);
  return Object.values(document.diagnostics ?? {});
}

function compile(name: string) {
  const schema = JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), 'utf8'));
  return ajv.compile(schema as AnySchema);
}
