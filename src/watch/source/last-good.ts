import { join } from 'node:path';
import { readTextIfPresent, writeFileAtomic } from '../../platform/fs/files.js';

/** The last active commit, as the state folder keeps it. */
export interface LastGood {
  /** Of which repository and ref; for people, without credentials. */
  place: string;
  commit: string;
  /** The project file within the commit. */
  config: string;
}

/** The last good commit of an earlier process; undefined where there is none that can be understood. */
export async function readLastGood(stateDir: string): Promise<LastGood | undefined> {
  const text = await readTextIfPresent(lastGoodFile(stateDir)).catch(() => undefined);
  try {
    const value = JSON.parse(text ?? '') as Partial<LastGood>;
    const { place, commit, config } = value;
    const known =
      typeof place === 'string' && typeof config === 'string' && /^[0-9a-f]{40,64}$/.test(commit ?? '');
    return known ? { place, commit: commit as string, config } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeLastGood(stateDir: string, good: LastGood): Promise<void> {
  await writeFileAtomic(lastGoodFile(stateDir), `${JSON.stringify(good, null, 2)}\n`);
}

function lastGoodFile(stateDir: string): string {
  return join(stateDir, 'good');
}
