import type { JsonObject } from '../../model/json.js';
import { explainSchemaErrors } from '../schema/schema-errors.js';
import { type Schemas, validateDocument } from '../schema/schemas.js';
import type { DocumentFinding } from '../yaml/findings.js';

/** The findings of the schema of a document of `kind: Ledger`. */
export function checkStatementsSchema(document: JsonObject, schemas: Schemas): DocumentFinding[] {
  const errors = validateDocument(schemas, 'ledger', document).filter(
    ({ instancePath, keyword, params }) =>
      // These are said elsewhere, in better words.
      instancePath !== '/apiVersion' &&
      !(keyword === 'required' && params.missingProperty === 'apiVersion') &&
      !(instancePath === '/bind' && keyword === 'propertyNames') &&
      !(keyword === 'pattern' && instancePath.startsWith('/forget/')),
  );
  if (errors.length === 0) return [];
  return explainSchemaErrors(errors, { value: document, known, secretPlaces: [], required });
}

/** Every name that such a document may hold. */
export const STATEMENT_NAMES: readonly string[] = [
  ...['apiVersion', 'kind', 'project', 'bind', 'moved', 'forget'],
  ...['from', 'to'],
];

function known(pointer: string): readonly string[] {
  if (pointer === '') return STATEMENT_NAMES.slice(0, 6);
  return /^\/moved\/\d+$/.test(pointer) ? ['from', 'to'] : [];
}

function required(where: string, field: string): { summary: string; detail: string } | undefined {
  if (where !== '' || field !== 'project') return undefined;
  return {
    summary: 'these statements name no project: project is missing',
    detail:
      'Add "project:" with the name that the project file has: any other project or environment that reads the same files ignores them then.',
  };
}
