import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capabilityTable } from './capabilities.mjs';
import { reference } from './reference.mjs';

/**
 * The README with its generated parts made anew, each between two comments such as
 * `<!-- reference:start -->` and `<!-- reference:end -->`. Without a README there is no text.
 */
export async function readme(folder, schemas) {
  const parts = {
    reference: () => reference(schemas),
    capabilities: () => capabilityTable(folder),
  };
  const before = await readFile(join(folder, 'README.md'), 'utf8').catch(() => undefined);
  if (before === undefined) return { text: undefined, notices: ['there is no README.md yet'] };

  const notices = [];
  let text = before;
  for (const [name, make] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name}:start -->\n)[^]*?(<!-- ${name}:end -->)`);
    const made = between.test(text) ? await make() : undefined;
    if (made === undefined) notices.push(`README.md: the part "${name}" is left as it is`);
    else text = text.replace(between, (_, start, end) => `${start}\n${made}\n\n${end}`);
  }
  return { text, notices };
}
