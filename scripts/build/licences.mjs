import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licence texts of all packages that ended up in a bundle, in alphabetical order. */
export async function licencesOf(metafile, root) {
  const parts = await Promise.all(packagesIn(metafile).map((folder) => licenceOf(join(root, folder))));
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

function packagesIn(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? 'The package brings no licence text.' : await readFile(join(folder, file), 'utf8');
  return `${name} ${version} (${license ?? 'licence not stated'})\n\n${text.trim()}\n`;
}
