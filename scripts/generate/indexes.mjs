import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const NOTE = '// Generated from the folder listing by "npm run generate": do not edit.';

/** All vendors found: a new one is a new folder and touches no other file. */
export async function vendorIndex(folder) {
  const found = (await list(join(folder, 'src/vendors'))).filter((entry) => entry.isDirectory());
  const ids = [];
  for (const entry of found) {
    const files = await list(join(folder, 'src/vendors', entry.name));
    if (files.some((file) => file.name === 'index.ts')) ids.push(entry.name);
  }
  return lines(
    NOTE,
    "import type { Vendor } from '../model/vendor.js';",
    ...ids.map((id) => `import { vendor as ${identifier(id)} } from './${id}/index.js';`),
    '',
    `export const vendors: readonly Vendor[] = [${ids.map(identifier).join(', ')}];`,
  );
}

/** All emulators found, by vendor id: one file each. */
export async function emulatorIndex(folder) {
  const ids = (await list(join(folder, 'src/emulator/vendors')))
    .filter((entry) => entry.isFile() && /^[a-z0-9-]+\.ts$/.test(entry.name))
    .map((entry) => entry.name.slice(0, -'.ts'.length));
  return lines(
    NOTE,
    "import type { VendorEmulator } from './server.js';",
    ...ids.map((id) => `import { emulator as ${identifier(id)} } from './vendors/${id}.js';`),
    '',
    'export const emulators: Record<string, VendorEmulator> = {',
    ...ids.map((id) => `  ${identifier(id) === id ? id : `'${id}': ${identifier(id)}`},`),
    '};',
  );
}

async function list(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function identifier(id) {
  return id.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

function lines(...all) {
  return `${all.join('\n')}\n`;
}
