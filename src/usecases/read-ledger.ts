import { emptyLedger } from '../ledger/index.js';
import { type Diagnostic, error, warning } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Ledger } from '../model/ledger.js';
import type { LedgerStore } from '../model/ports.js';
import type { Project } from '../model/project.js';

/** The ledger of a run, and what has to be said of it. */
export interface OpenedLedger {
  ledger: Ledger;
  diagnostics: Diagnostic[];
}

/** Reads a project's ledger, or begins one. Throws `ExitError` with code 4 where it is another project's. */
export async function readLedger(store: LedgerStore, project: Project): Promise<OpenedLedger> {
  const ledger = (await store.read()) ?? emptyLedger(project.name);
  if (ledger.project !== project.name) throw createRefusal(otherProject(ledger, project));
  return { ledger, diagnostics: ledger.carriedFrom === undefined ? [] : [carriedOver(project)] };
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
