import { emptyLedger } from '../ledger/index.js';
import { type Address, parseAddress } from '../model/address.js';
import { asWarning, type Diagnostic, error, warning } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerStore } from '../model/ports.js';
import type { Project } from '../model/project.js';
import { hasStatements, type ResolvedStatements } from '../model/statements.js';
import { followProject } from '../plan/statements/follow-moves.js';
import { resolveStatements } from '../plan/statements/resolve-statements.js';
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

/** Reads a project's ledger, or begins one. Throws `ExitError` with code 4 where it is another project's. */
export async function readLedger(
  store: LedgerStore,
  workspace: Pick<Workspace, 'project' | 'manifests' | 'statements'>,
  selected: readonly string[] = [],
): Promise<OpenedLedger> {
  const { project, statements } = workspace;
  const stored = (await store.read()) ?? emptyLedger(project.name);
  if (followProject(stored.project, statements.moved) !== project.name)
    throw createRefusal(otherProject(stored, project));
  const carried = stored.carriedFrom === undefined ? [] : [carriedOver(project)];
  if (!hasStatements(statements))
    return {
      stored,
      ledger: stored,
      diagnostics: [...carried, ...findLostTargets(stored, project, selected)],
    };
  const { ledger, resolved } = resolveStatements(stored, statements, { ...workspace, selected });
  const lost = findLostTargets(ledger, project, selected);
  return { stored, ledger, statements: resolved, diagnostics: [...carried, ...lost] };
}

/** The ledger's place, as messages name it. */
export function describeLedgerPlace({ ledger }: Project): string {
  return ledger.type === 'git' ? `${ledger.ref}:${ledger.path}` : ledger.path;
}

function otherProject({ project: found }: Ledger, project: Project): Diagnostic {
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
