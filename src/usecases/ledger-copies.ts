import { type Diagnostic, error } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { Project } from '../model/project.js';
import { describeLedgerPlace } from './ledger-place.js';

/**
 * Why a ledger cannot take the place of the one that is there: that one remembers objects that would be forgotten. A copy
 * of an earlier time remembers none.
 */
export function findMergeFault(left: Ledger, there: Ledger, project: Project): Diagnostic | undefined {
  const known = new Set(
    Object.values(left.objects).flatMap(({ id, formerly = [], retired = [] }) => [
      id,
      ...formerly,
      ...retired,
    ]),
  );
  const lost = [
    ...Object.keys(there.objects).filter((address) => !known.has(there.objects[address]?.id ?? '')),
    ...Object.keys(there.intents).filter((address) => left.intents[address] === undefined),
  ];
  if (lost.length === 0) return undefined;
  const shown = [...new Set(lost)].sort().slice(0, 10).join(', ');
  const more = lost.length > 10 ? ` and ${lost.length - 10} more` : '';
  return error(
    'ledger',
    `the ledger ${describeLedgerPlace(project)} already holds objects that would be forgotten: ${shown}${more}`,
    {
      detail:
        'Two ledgers cannot be made one. Go on with this one, and take the objects of the other over with `bind` in a Ledger document; or move this one aside, and run the command again.',
      file: project.file,
    },
  );
}
