import { join } from 'node:path';
import { readTextIfAny, writeAtomic } from '../io/files.js';

/** The commit that was in force last, as the state folder keeps it. */
export interface Good {
  /** Of which repository and ref; for people, without credentials. */
  place: string;
  commit: string;
  /** The project file within the commit. */
  config: string;
}

/** The last good commit of an earlier process; undefined where there is none that can be understood. */
export async function readGood(stateDir: string): Promise<Good | undefined> {
  const text = await readTextIfAny(goodFile(stateDir)).catch(() => undefined);
  try {
    const value = JSON.parse(text ?? '') as Partial<Good>;
    const { place, commit, config } = value;
    const known =
      typeof place === 'string' && typeof config === 'string' && /^[0-9a-f]{40,64}$/.test(commit ?? '');
    return known ? { place, commit: commit as string, config } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeGood(stateDir: string, good: Good): Promise<void> {
  await writeAtomic(goodFile(stateDir), `${JSON.stringify(good, null, 2)}\n`);
}

function goodFile(stateDir: string): string {
  return join(stateDir, 'good');
}
