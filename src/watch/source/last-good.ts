import { join } from 'node:path';
import { readForeignJson } from '../../model/foreign-json.js';
import { readTextIfPresent, writeFileAtomic } from '../../platform/fs/files.js';
import { validate } from './last-good.schema.generated.js';

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
  if (text === undefined) return undefined;
  const read = readForeignJson<LastGood>(text, validate);
  return 'value' in read ? read.value : undefined;
}

export async function writeLastGood(stateDir: string, good: LastGood): Promise<void> {
  await writeFileAtomic(lastGoodFile(stateDir), `${JSON.stringify(good, null, 2)}\n`);
}

function lastGoodFile(stateDir: string): string {
  return join(stateDir, 'good');
}
