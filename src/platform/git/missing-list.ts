import { readFile, writeFile } from 'node:fs/promises';
import type { Unseen } from '../../model/unseen.js';

/**
 * Keeps the list of what the folder of a commit lacks, because the next process finds the folder and not the reasons. A path
 * in git may hold anything but a zero byte.
 */
export async function writeMissing(file: string, missing: readonly Unseen[]): Promise<void> {
  const entries = missing.flatMap((one) => {
    if (one.what === 'submodule') return [`submodule\n${one.refused ?? ''}\n${one.place}\0`];
    return one.what === 'link' ? [`${one.leads}\n\n${one.place}\0`] : [];
  });
  await writeFile(file, entries.join(''));
}

/** The list; undefined where there is none. */
export async function readMissing(file: string): Promise<Unseen[] | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text?.split('\0').flatMap((entry): Unseen[] => {
    const [, what, refused = '', place = ''] = /^([^\n]*)\n([^\n]*)\n(.+)$/s.exec(entry) ?? [];
    if (what === 'submodule') return [{ what, place, ...(refused !== '' && { refused }) }];
    if (what === 'nowhere' || what === 'outside') return [{ what: 'link', place, leads: what }];
    return [];
  });
}
