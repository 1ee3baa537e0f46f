import { defined } from '../model/defined.js';
import { DiagnosticError } from '../model/diagnostic.js';
import { readForeignJson } from '../model/foreign-json.js';
import type { LedgerPlace } from '../model/project.js';
import { createParentFolder, readTextIfPresent, writeFileAtomic } from '../platform/fs/files.js';
import { validate } from './memory.schema.generated.js';

/** The newest version of one ledger that was seen. */
export interface SeenVersion {
  serial: number;
  /** A ledger of format 1 has no lineage, and keeps its salt. */
  salt?: string;
  /** The commit that holds it, where one does. */
  commit?: string;
}

/** The ledgers of a project that a clone has seen. It is no part of the project: taking the project back leaves it as it is. */
export interface SeenLedgers {
  /** The place that was used last, and the lineage there. */
  place: LedgerPlace;
  lineage: string;
  /** By lineage, newest last. */
  seen: Record<string, SeenVersion>;
  /** Commits whose history was looked through for ledgers. */
  scanned: string[];
}

/** As many ledgers as a clone may have had; older ones are forgotten. */
const MOST_LINEAGES = 50;

/** Reads it from a file; undefined where there is none, or none that can be read: it is only a memory. */
export async function readSeenLedgers(path: string): Promise<SeenLedgers | undefined> {
  const text = await readTextIfPresent(path).catch(ignoreFailure);
  if (text === undefined) return undefined;
  const read = readForeignJson<SeenLedgers>(text, validate);
  return 'value' in read ? read.value : undefined;
}

/** Keeps it. A folder that cannot be written to, as in a container, keeps nothing, and stops no run. */
export async function writeSeenLedgers(path: string, ledgers: SeenLedgers): Promise<void> {
  const seen = Object.fromEntries(Object.entries(ledgers.seen).slice(-MOST_LINEAGES));
  try {
    await createParentFolder(path);
    await writeFileAtomic(path, `${JSON.stringify({ ...ledgers, seen }, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    ignoreFailure(error);
  }
}

/** The newer of what is known of a lineage and what was found now. */
export function withVersion(
  seen: SeenLedgers['seen'],
  lineage: string,
  version: SeenVersion,
): SeenLedgers['seen'] {
  const { [lineage]: known, ...others } = seen;
  if (known === undefined) return { ...others, [lineage]: version };
  const { salt = version.salt } = known;
  const newest =
    version.serial > known.serial
      ? version
      : version.serial === known.serial
        ? { ...known, ...version }
        : known;
  return { ...others, [lineage]: { ...newest, ...defined({ salt }) } };
}

function ignoreFailure(error: unknown): undefined {
  if (!(error instanceof DiagnosticError)) throw error;
}
