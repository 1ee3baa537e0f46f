import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of a folder in a new temporary one, with one of its files rewritten. */
export async function copyToTemporary(
  source: string,
  file: string,
  edit: (text: string) => string,
): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'llmform-'));
  await cp(source, folder, { recursive: true, filter: (path) => !path.endsWith('.llmform') });
  await writeFile(join(folder, file), edit(await readFile(join(folder, file), 'utf8')));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
