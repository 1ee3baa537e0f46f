import { emptyLedger } from '../ledger/index.js';
import { type Address, parseAddress } from '../model/address.js';
import { asWarning, type Diagnostic, error, warning } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerStore } from '../model/ports.js';
import type { Project } from '../model/project.js';

/** The ledger of a run, and what has to be said of it. */
export interface OpenedLedger {
  ledger: Ledger;
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
  project: Project,
  selected: readonly string[] = [],
): Promise<OpenedLedger> {
  const ledger = (await store.read()) ?? emptyLedger(project.name);
  if (ledger.project !== project.name) throw createRefusal(otherProject(ledger, project));
  const carried = ledger.carriedFrom === undefined ? [] : [carriedOver(project)];
  return { ledger, diagnostics: [...carried, ...findLostTargets(ledger, project, selected)] };
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
      detail: `Write \`name: ${found}\` into ${project.file} to go on with that project, or give this one a ledger of its own (\`ledger.path\`).`,
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
