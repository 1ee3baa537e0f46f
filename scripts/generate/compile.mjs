import Ajv2020 from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

const ANNOTATIONS = new Set(['title', 'description', 'examples', 'default', '$comment']);
/** Keywords whose members are named by people, so that a member called `description` is a field. */
const NAMED = new Set(['properties', '$defs']);

/**
 * Schemas, by the names of the functions that check them, as module text without a loader of its own. `references` are
 * the schemas that they may refer to, by file name.
 */
export function compile(schemas, options, references = {}) {
  const ajv = new Ajv2020.default({
    strict: true,
    allowUnionTypes: true,
    // A branch may require a field that is declared beside the branch and not in it.
    strictRequired: false,
    code: { source: true, esm: true },
    ...options,
  });
  for (const [name, schema] of Object.entries(references)) ajv.addSchema(bare(schema, name));
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(bare(schema, name));
  const exported = Object.fromEntries(Object.keys(schemas).map((name) => [name, name]));
  return runtimeImports(standalone.default(ajv, exported).replace(/^"use strict";/, ''))
    .replaceAll(new RegExp(`export const (${Object.keys(schemas).join('|')}) =`, 'g'), 'const $1 =')
    .trim();
}

/** A schema with every schema inside it replaced by what `change` makes of it. */
export function eachSchema(schema, change) {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((one) => eachSchema(one, change));
  return Object.fromEntries(
    Object.entries(change(schema)).map(([keyword, value]) => [
      keyword,
      NAMED.has(keyword) ? eachMember(value, change) : eachSchema(value, change),
    ]),
  );
}

function eachMember(schemas, change) {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, eachSchema(schema, change)]),
  );
}

/** Drops annotations, which the bundle would carry otherwise, because ajv keeps the schemas it looks things up in. */
function bare(schema, name) {
  const { $id: _, ...kept } = eachSchema(schema, (one) =>
    Object.fromEntries(Object.entries(one).filter(([keyword]) => !ANNOTATIONS.has(keyword))),
  );
  return { ...kept, $id: name };
}

/** ajv writes `require` even into ES modules; its runtime is CommonJS, whose default may or may not be unwrapped. */
function runtimeImports(code) {
  const imports = [];
  const body = code.replaceAll(/const (\w+) = require\("([^"]+)"\)\.default;?/g, (_, name, path) => {
    imports.push(`import ${name}Module from ${JSON.stringify(`${path}.js`)};`);
    return `const ${name} = ${name}Module.default ?? ${name}Module;`;
  });
  if (body.includes('require('))
    throw new Error('The validators need something that is not bundled: see require(…)');
  return `${imports.join('\n')}\n${body}`;
}
