import { emptyLedger } from '../ledger/index.js';
import { type Address, parseAddress } from '../model/address.js';
import { asWarning, type Diagnostic, error, hasErrors, warning } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerStore } from '../model/ports.js';
import type { Project } from '../model/project.js';
import { hasStatements, type ResolvedStatements } from '../model/statements.js';
import { followProject } from '../plan/statements/follow-moves.js';
import { resolveStatements } from '../plan/statements/resolve-statements.js';
import type { LedgerCustody, LedgerUse } from './ledger-custody.js';
import { describeLedgerPlace } from './ledger-place.js';
import type { Workspace } from './load-workspace.js';

/** The ledger of a run, and what has to be said of it. */
export interface OpenedLedger {
  /** As it is kept. */
  stored: Ledger;
  /** As the statements say that it is to be read: what a plan is made of. */
  ledger: Ledger;
  /** Absent where there are no statements. */
  statements?: ResolvedStatements;
  diagnostics: Diagnostic[];
}

/**
 * Errors for targets that the project no longer has and the ledger remembers objects of. Where only some targets are
 * selected, they are warnings.
 */
export function findLostTargets(ledger: Ledger, project: Project, selected: readonly string[]): Diagnostic[] {
  const known = new Set(project.targets.map(({ name }) => name));
  const lost = new Map<string, Address[]>();
  for (const address of [...Object.keys(ledger.objects), ...Object.keys(ledger.intents)].sort()) {
    const { target } = parseAddress(address);
    if (!known.has(target)) lost.set(target, [...(lost.get(target) ?? []), address]);
  }
  const found = [...lost].map(([target, addresses]) => lostTarget(target, addresses, project));
  return selected.length === 0 ? found : found.map(asWarning);
}

const SHOWN = 10;

function lostTarget(target: string, addresses: readonly Address[], project: Project): Diagnostic {
  const count = addresses.length === 1 ? '1 object' : `${addresses.length} objects`;
  const shown = addresses.slice(0, SHOWN).join(', ');
  const more = addresses.length > SHOWN ? ` and ${addresses.length - SHOWN} more` : '';
  return error('ledger', `the project has no target ${target}, and the ledger remembers ${count} of it`, {
    detail: `They are still at the vendor: ${shown}${more}. Put the target back and delete them with --prune, or write a Ledger document: \`moved: [{ from: ${target}, to: NAME }]\` if it was renamed, \`forget: [${target}]\` if they are no longer managed here.`,
    file: project.file,
  });
}

export interface LedgerReading {
  /** The selected targets; default: all. */
  selected?: readonly string[];
  use: LedgerUse;
}

/** The ledger of a run, and what judges it. */
export interface LedgerPorts {
  ledger: LedgerStore;
  custody?: LedgerCustody;
}

/**
 * Reads a project's ledger, or begins one. Throws `ExitError` with code 4 where it is another project's, was moved, is older
 * than one that was seen, or lacks its signature.
 */
export async function readLedger(
  { ledger: store, custody }: LedgerPorts,
  workspace: Pick<Workspace, 'project' | 'manifests' | 'statements' | 'at'>,
  { selected = [], use }: LedgerReading,
): Promise<OpenedLedger> {
  const { project, statements } = workspace;
  const found = await store.read();
  refuseMoved(found, project);
  const stored = found ?? emptyLedger(project.name);
  if (followProject(stored.project, statements.moved) !== project.name)
    throw createRefusal(otherProject(stored, project));
  const renamed = findMovesSince(stored, workspace);
  if (renamed.length > 0) throw createRefusal(...renamed);
  const judged = (await custody?.examine(found, use)) ?? [];
  if (hasErrors(judged)) throw createRefusal(...judged);
  if (found !== undefined) await custody?.remember(found);
  const said = [...judged, ...(stored.carriedFrom === undefined ? [] : [carriedOver(project)])];
  if (!hasStatements(statements)) {
    const lost = findLostTargets(stored, project, selected);
    return { stored, ledger: stored, diagnostics: [...said, ...lost] };
  }
  const { ledger, resolved } = resolveStatements(stored, statements, { ...workspace, selected });
  const lost = findLostTargets(ledger, project, selected);
  return { stored, ledger, statements: resolved, diagnostics: [...said, ...lost] };
}

/** A ledger as it is kept, to be looked at: what a run would refuse it for is only said. Throws as `readLedger` where it was moved. */
export async function inspectLedger(
  { ledger: store, custody }: LedgerPorts,
  project: Project,
): Promise<{ ledger: Ledger; diagnostics: Diagnostic[] }> {
  const stored = await store.read();
  refuseMoved(stored, project);
  const ledger = stored ?? emptyLedger(project.name);
  const judged = (await custody?.examine(stored, 'plan')) ?? [];
  const foreign = ledger.project === project.name ? [] : [otherProject(ledger, project)];
  return { ledger, diagnostics: [...foreign, ...judged] };
}

/** Ends a command on a ledger that was carried over to another place. Throws `ExitError` with code 4. */
export function refuseMoved(stored: Ledger | undefined, project: Project): void {
  if (stored?.movedTo === undefined) return;
  const place = describeLedgerPlace(project);
  throw createRefusal(
    error('ledger', `the ledger ${place} was carried over to ${stored.movedTo}, and is out of use`, {
      detail: `Take over the commit in which the project file names that place. To come back here, write this place into the project file and run \`llmform ledger migrate --from ${fromOf(stored.movedTo)}\`.`,
      file: project.file,
    }),
  );
}

/** The place that a moved ledger names, as `--from` takes it. */
function fromOf(movedTo: string): string {
  return movedTo.startsWith('refs/') ? `git:${movedTo.split(':')[0]}` : `file:${movedTo}`;
}

/** The refusal of a ledger that is another project's. */
export function otherProject({ project: found }: Ledger, project: Project): Diagnostic {
  return error(
    'ledger',
    `the ledger ${describeLedgerPlace(project)} belongs to project "${found}", and this project is "${project.name}"`,
    {
      detail: `Write \`name: ${found}\` into ${project.file} to go on with that project. If it was renamed, write \`moved: [{ from: project ${found}, to: project ${project.name} }]\` into a Ledger document. Otherwise give this project a ledger of its own (\`ledger.path\`).`,
      file: project.file,
    },
  );
}

function carriedOver(project: Project): Diagnostic {
  return warning('ledger', `the ledger ${describeLedgerPlace(project)} is of format 1`, {
    detail:
      'The next apply writes it in format 2 and keeps everything. An older llmform cannot read it then.',
  });
}

/** Objects that had another address at the commit that a run goes back to: its manifests would make a second one of each. */
function findMovesSince(
  { moved = [], objects }: Ledger,
  { manifests, at }: Pick<Workspace, 'manifests' | 'at'>,
): Diagnostic[] {
  if (at === undefined) return [];
  const declared = new Set(manifests.map(({ address }) => address));
  return moved.flatMap((key) => {
    const [, from = '', to = ''] = /^object (\S+) -> (\S+)$/.exec(key) ?? [];
    if (!declared.has(from) || objects[to] === undefined) return [];
    return [
      error('rollback', `commit ${at.slice(0, 12)} is from before ${from} was moved to ${to}`, {
        detail: `Its manifest would make a second object. Rename it back in a commit of its own, with \`moved: [{ from: ${to}, to: ${from} }]\`, and apply that.`,
        address: from,
      }),
    ];
  });
}
