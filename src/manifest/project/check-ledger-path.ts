import { quoteName } from '../../model/format-path.js';
import { isObject, type Json } from '../../model/json.js';
import { isInsideProject } from '../document/inside-project.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';

/**
 * A ledger is written wherever its path leads, with texts that the manifests choose: it stays in the project. Judged by its
 * letters; the code that opens the file follows links, and checks them.
 */
export function checkLedgerPath(place: DocumentPlace, ledger: Json | undefined, folder: string): void {
  if (!isObject(ledger) || ledger.type !== 'file') return;
  const { path } = ledger;
  if (typeof path !== 'string' || path === '' || isInsideProject(path, folder)) return;
  addFinding(place, {
    code: 'project',
    summary: `the ledger ${quoteName(path)} is outside the project, or in its .git`,
    detail:
      'Name a file below the folder of the project file, such as .llmform/ledger.json. To keep it apart from the files, use `ledger: { type: git }`.',
    path: '/ledger/path',
  });
}
