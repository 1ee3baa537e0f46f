#!/usr/bin/env node
// Writes everything that is made from something else: the manifest schema, the validators, the indexes, and
// the pages in docs/reference. Running it twice changes nothing. `--check` writes nothing and fails when a
// committed file is stale.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emulatorIndex, vendorIndex } from './generate/indexes.mjs';
import { manifestSchema } from './generate/manifest-schema.mjs';
import { referencePages } from './generate/reference-pages.mjs';
import { readSchemas } from './generate/schemas.mjs';
import { shapeModules } from './generate/shapes.mjs';
import { stableJson } from './generate/stable-json.mjs';
import { validatorsCode, validatorsTypes } from './generate/validators.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Generates all files below `folder`; returns the stale ones, as paths relative to it. */
export async function generate(folder = root, { check = false } = {}) {
  const stale = [];
  const schemas = await readSchemas(folder);
  await put('schemas/manifest.schema.json', stableJson(manifestSchema(schemas.vendors)));
  if (!check) {
    await put('src/manifest/schema/validators.generated.js', validatorsCode(schemas));
    await put('src/manifest/schema/validators.generated.d.ts', validatorsTypes());
    for (const [path, text] of Object.entries(await shapeModules(folder))) await put(path, text);
    await put('src/vendors/index.generated.ts', await vendorIndex(folder));
    await put('src/emulator/index.generated.ts', await emulatorIndex(folder));
  }
  const { pages, notices } = await referencePages(folder, schemas);
  for (const [path, text] of Object.entries(pages)) await put(path, text);
  return { stale, notices };

  async function put(path, text) {
    const file = join(folder, path);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
    stale.push(path);
    if (check) return;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function main() {
  const check = process.argv.includes('--check');
  const { stale, notices } = await generate(root, { check });
  for (const notice of notices) console.error(`generate: ${notice}`);
  if (!check) {
    for (const path of stale) console.error(`generate: wrote ${path}`);
  } else if (stale.length > 0) {
    console.error(`generate: stale: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error) => {
    console.error(`generate: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}
