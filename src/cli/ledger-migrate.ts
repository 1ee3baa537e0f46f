import { DiagnosticError, error } from '../model/diagnostic.js';
import type { LedgerPlace, Project } from '../model/project.js';
import type { Terminal } from '../platform/process/terminal.js';
import { migrationJson } from '../report/index.js';
import { describePlace } from '../usecases/ledger-place.js';
import { loadAllowedProject } from '../usecases/load-workspace.js';
import { type Migration, migrateLedger } from '../usecases/migrate-ledger.js';
import { openEffects, openLedger } from '../usecases/open-effects.js';
import { findLastPlace } from '../usecases/seen-ledgers.js';
import { requireLedgerConsent } from './ledger-consent.js';
import type { LedgerSource, MigrateFlags } from './ledger-flags.js';
import { EXIT, printDiagnostics, visibleDiagnostics } from './output.js';

/** `llmform ledger migrate`: to another place, or in place with another signature. */
export async function runLedgerMigrate(flags: MigrateFlags, terminal: Terminal): Promise<number> {
  const { from, sign, unsign, acceptOlder } = flags;
  requirePurpose(flags);
  const { project } = await loadAllowedProject(flags, terminal);
  const { env } = terminal;
  const { secrets } = openEffects(project, terminal);
  const migrated = await migrateLedger({
    project,
    options: { from: from && (await placeOf(from, project, env)), sign, unsign, acceptOlder },
    env,
    secrets,
    openAt: (place) => openLedger({ ...project, ledger: place }, { env, clean: secrets.clean, secrets }),
    approve: (migration) => requireLedgerConsent(linesOf(migration, from !== undefined), flags, terminal),
  });
  const { serial, warnings } = migrated;
  const objects = Object.keys(migrated.ledger.objects).length;
  const [old, place] = [describePlace(migrated.from), describePlace(migrated.to)];
  if (flags.format === 'json') {
    const signed = project.ledgerKey !== undefined;
    terminal.out(migrationJson({ from: old, to: place, objects, serial, signed, diagnostics: warnings }));
  } else {
    printDiagnostics(terminal, flags, visibleDiagnostics(warnings, flags));
    terminal.out(
      from === undefined
        ? `The ledger ${place} is written anew, with serial ${serial}.\n`
        : `The ledger is at ${place} now, with serial ${serial}. ${old} is marked as moved.\n`,
    );
  }
  return EXIT.done;
}

function requirePurpose({ from, sign, unsign, acceptOlder }: MigrateFlags): void {
  if (from === undefined && !sign && !unsign && !acceptOlder) {
    throw new DiagnosticError(
      error('usage', 'there is nothing to do: no place to carry the ledger over from is named', {
        detail: 'Name one of --from, --sign, --unsign and --accept-older. See llmform ledger migrate --help.',
      }),
    );
  }
  if (sign && unsign) throw new DiagnosticError(error('usage', '--sign and --unsign exclude each other'));
}

/** The place that a flag names; its missing parts are those that this clone used last, or the defaults of a project file. */
async function placeOf(source: LedgerSource, project: Project, env: Terminal['env']): Promise<LedgerPlace> {
  const last = await findLastPlace(project, { env });
  if (source.type === 'file') {
    const known = last?.type === 'file' ? last.path : '.llmform/ledger.json';
    return { type: 'file', path: source.path ?? known };
  }
  if (last?.type === 'git' && (source.ref === undefined || source.ref === last.ref)) return last;
  return { type: 'git', ref: source.ref ?? 'refs/llmform/ledger', remote: 'origin', path: 'ledger.json' };
}

function linesOf({ from, to, ledger, signature, givenUp }: Migration, moves: boolean): string[] {
  const count = Object.keys(ledger.objects).length;
  const objects = count === 1 ? '1 object' : `${count} objects`;
  const what = `of project ${ledger.project} with ${objects} and serial ${ledger.serial}`;
  return [
    moves
      ? `The ledger ${describePlace(from)} ${what} is carried over to ${describePlace(to)}, and marked as moved.`
      : `The ledger ${describePlace(to)} ${what} is written anew.`,
    ...(signature === 'added'
      ? ['It is signed with the key of the project, in place of any signature.']
      : []),
    ...(signature === 'removed' ? ['Its signature is removed.'] : []),
    ...(givenUp === undefined
      ? []
      : [`The newer one with serial ${givenUp.serial} is given up: objects applied since are unknown then.`]),
  ];
}
