import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const SUFFIX = '.schema.json';

/**
 * The hand-written schemas: the project file's, and each vendor's by vendor id in alphabetical order. A new
 * vendor needs no more than its file.
 */
export async function readSchemas(folder) {
  const files = await readdir(join(folder, 'schemas'));
  // The manifest's schema is made from the others, so it may be missing or broken.
  const names = files.filter((name) => name.endsWith(SUFFIX) && name !== `manifest${SUFFIX}`).sort();
  const vendors = {};
  for (const name of names) {
    const schema = await readSchema(folder, name);
    if (isVendor(schema)) vendors[basename(name, SUFFIX)] = schema;
  }
  return { project: await readSchema(folder, `project${SUFFIX}`), vendors };
}

/** The kinds of a vendor's schema, each with the schema of its spec. */
export function kindsOf(schema) {
  // The one definition that is no kind is the same for all vendors.
  return Object.entries(schema.$defs).filter(([name]) => name !== 'SecretReference');
}

/** A vendor's schema is a set of kinds; the others describe a document, and say so at the top. */
function isVendor(schema) {
  return schema.type === undefined && schema.$defs?.SecretReference !== undefined;
}

async function readSchema(folder, name) {
  const path = join(folder, 'schemas', name);
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`schemas/${name} cannot be read: ${error.message}`);
  }
}
