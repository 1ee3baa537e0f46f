import type { SeenVersion } from '../ledger/memory.js';
import { type Diagnostic, DiagnosticError, error, warning } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerStore, Secrets } from '../model/ports.js';
import type { LedgerPlace, Project } from '../model/project.js';
import { describePlace, isSamePlace, pathInProject, spellPlace } from './ledger-place.js';
import { findSignatureFault } from './ledger-signature.js';
import { findSightings, rememberLedger, type SeenSettings, type Sightings } from './seen-ledgers.js';

/** Tells if a ledger is the one to go on with: the newest, at the place that was used before, and signed. */
export interface LedgerCustody {
  /** Errors are reasons to refuse it. `use` says what for: without its key, a signed one is good for planning. */
  examine(ledger: Ledger | undefined, use: LedgerUse): Promise<Diagnostic[]>;
  /** Remembers a ledger that is used, or was written. */
  remember(ledger: Ledger): Promise<void>;
}

export type LedgerUse = 'plan' | 'apply';

export interface CustodySettings extends SeenSettings {
  secrets: Pick<Secrets, 'resolve'>;
  /** Opens the ledger at another place of the same project. */
  openAt(place: LedgerPlace): LedgerStore;
}

export function openCustody(project: Project, settings: CustodySettings): LedgerCustody {
  let sightings: Promise<Sightings> | undefined;
  const look = (ledger: Ledger | undefined) => {
    sightings ??= findSightings(project, settings, ledger !== undefined);
    return sightings;
  };
  return {
    async examine(ledger, use) {
      const unsigned = await findSignatureFault(ledger, project, use, settings.secrets);
      const found = await look(ledger);
      const older = ledger === undefined ? undefined : findNewer(ledger, found);
      return [
        ...unsigned,
        ...(older === undefined || ledger === undefined ? [] : [olderLedger(ledger, older, project)]),
        ...(ledger === undefined ? lostLedger(found, project) : []),
        ...(await findLeftBehind(ledger, found, project, settings)),
        ...(found.tracked ? [trackedFile(project)] : []),
      ];
    },
    async remember(ledger) {
      // One of format 1 gets its lineage when it is written.
      if (ledger.carriedFrom === undefined) await rememberLedger(project, ledger, await look(ledger));
    },
  };
}

/** The version of the same ledger that was seen and is newer. */
export function findNewer(
  { lineage, serial, salt, carriedFrom }: Ledger,
  { seen }: Pick<Sightings, 'seen'>,
): SeenVersion | undefined {
  const own =
    carriedFrom === undefined ? [seen[lineage]] : Object.values(seen).filter((one) => one.salt === salt);
  return own.find((version) => version !== undefined && version.serial > serial);
}

function olderLedger({ serial }: Ledger, newer: SeenVersion, project: Project): Diagnostic {
  return error(
    'ledger',
    `the ledger ${describePlace(project.ledger)} is older than one that this clone has seen: its serial is ${serial}, and was ${newer.serial}`,
    {
      detail: `Objects that were applied since are missing in it. ${restoreHint(newer, project)} To go on with the older one, run \`llmform ledger migrate --accept-older\`.`,
      file: project.file,
    },
  );
}

function restoreHint({ commit }: SeenVersion, { folder, ledger }: Project): string {
  if (commit === undefined)
    return ledger.type === 'file'
      ? 'Bring the newer one back, with `git pull` or from a backup.'
      : `Put the ref ${ledger.ref} of the remote ${ledger.remote} back to the commit that it had.`;
  const short = commit.slice(0, 12);
  return ledger.type === 'file'
    ? `Bring the newer one back with \`git checkout ${short} -- ${quotePath(pathInProject(folder, ledger.path))}\`.`
    : `Bring the newer one back with \`git push --force ${ledger.remote} ${short}:${ledger.ref}\`.`;
}

function quotePath(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** A ledger that is gone is not refused: losing it costs no data, and who removes a damaged one knows. */
function lostLedger({ last, seen }: Sightings, project: Project): Diagnostic[] {
  if (last !== undefined && !isSamePlace(last.place, project.ledger, project.folder)) return [];
  const newest = Object.values(seen).sort((a, b) => b.serial - a.serial)[0];
  const known = last === undefined ? newest : seen[last.lineage];
  if (known === undefined) return [];
  const summary = `the ledger ${describePlace(project.ledger)} is gone, and this clone has seen it before`;
  const detail = `Objects of vendors without a mark look as if they were never ours. ${restoreHint(known, project)}`;
  return [warning('ledger', summary, { detail, file: project.file })];
}

/** The ledger that was used before at another place, and still holds objects that the one in use does not know. */
async function findLeftBehind(
  ledger: Ledger | undefined,
  { last, seen, file }: Sightings,
  project: Project,
  { openAt }: CustodySettings,
): Promise<Diagnostic[]> {
  if (last === undefined || isSamePlace(last.place, project.ledger, project.folder)) return [];
  // The same ledger, which was carried over or copied.
  const newest = seen[last.lineage]?.serial ?? 0;
  if (ledger?.lineage === last.lineage && ledger.serial >= newest) return [];
  const [old, now] = [describePlace(last.place), describePlace(project.ledger)];
  const wayOut = `\`llmform ledger migrate --from ${spellPlace(last.place)}\` carries it over.`;
  const refuse = (summary: string, detail: string) => [
    error('ledger', summary, { detail, file: project.file }),
  ];
  try {
    const left = await openAt(last.place).read();
    if (left === undefined || left.movedTo !== undefined) return [];
    const ids = new Set(Object.values(ledger?.objects ?? {}).map(({ id }) => id));
    const unknown = Object.values(left.objects).filter(({ id }) => !ids.has(id)).length;
    if (unknown === 0 && Object.keys(left.intents).length === 0) return [];
    const count = unknown === 1 ? '1 object' : `${unknown} objects`;
    return refuse(
      `the ledger was kept at ${old} before, which still holds ${count}, and the project file now says ${now}`,
      `Every one of them would be unknown here. ${wayOut} If they are no longer managed here, move that ledger aside.`,
    );
  } catch (fault) {
    if (!(fault instanceof DiagnosticError)) throw fault;
    const reason = fault.diagnostics[0]?.summary ?? 'for an unknown reason';
    return refuse(
      `the ledger was kept at ${old} before, which cannot be read now: ${reason}`,
      `It may still hold objects. Make it readable: ${wayOut} If it is gone for good, remove ${file}.`,
    );
  }
}

function trackedFile({ ledger, file }: Project): Diagnostic {
  return warning('ledger', `the ledger ${ledger.path} is a file that git tracks`, {
    detail:
      'Going back to an older commit takes it back too, and two branches have two of them. Keep it on a ref of its own: write `ledger: { type: git }` into the project file, and run `llmform ledger migrate --from file`.',
    file,
  });
}
