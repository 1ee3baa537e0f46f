import type { Address } from '../../model/address.js';
import { quoteName } from '../../model/format-path.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { findIdFault } from '../../model/object-id.js';
import { formatPointer } from '../../model/pointer.js';
import type { BindStatement, ForgetStatement, MovedStatement } from '../../model/statements.js';
import { checkApiVersion } from '../document/envelope.js';
import type { Schemas } from '../schema/schemas.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import { checkStatementsSchema } from './statements-schema.js';

/** One statement and the document that it stands in. */
export interface StatementDraft<T> {
  statement: T;
  place: DocumentPlace;
  path: string;
}

/** The statements of one document that are right by themselves, not yet compared with others. */
export interface StatementDrafts {
  bind: StatementDraft<BindStatement>[];
  moved: StatementDraft<MovedStatement>[];
  forget: StatementDraft<ForgetStatement>[];
}

export function isStatements(value: Json): value is JsonObject {
  return isObject(value) && value.kind === 'Ledger';
}

/** Reads a document of `kind: Ledger`. One for another project says nothing here. */
export function readStatements(place: DocumentPlace, project: string, schemas: Schemas): StatementDrafts {
  const drafts: StatementDrafts = { bind: [], moved: [], forget: [] };
  const document = place.document.value;
  if (!isStatements(document)) return drafts;
  if (typeof document.project === 'string' && document.project !== project) return drafts;
  checkApiVersion(place, document);
  const remarks = checkStatementsSchema(document, schemas);
  for (const found of remarks) addFinding(place, found);
  const { bind, moved, forget } = document;
  const at = (path: string) => ({
    path,
    place,
    source: { file: place.source.file, line: place.document.locate(path, 'key').line },
  });
  for (const [address, id] of Object.entries(isObject(bind) ? bind : {})) {
    const { path, source } = at(formatPointer(['bind', address]));
    if (!isBindable(place, address, id, path)) continue;
    drafts.bind.push({ statement: { address, id, source, path }, place, path });
  }
  for (const [i, item] of (Array.isArray(moved) ? moved : []).entries()) {
    const { path, source } = at(`/moved/${i}`);
    const found = isObject(item) ? readMoved(place, item, path) : undefined;
    if (found !== undefined) drafts.moved.push({ statement: { ...found, source }, place, path });
  }
  for (const [i, name] of (Array.isArray(forget) ? forget : []).entries()) {
    const { path, source } = at(`/forget/${i}`);
    if (typeof name !== 'string') continue;
    const what = name === '*' ? 'all' : formOf(name);
    if (what === 'all' || what === 'object' || what === 'target') {
      drafts.forget.push({ statement: { what, name, source }, place, path });
    } else addFinding(place, wrongForm(name, path, 'an address, the name of a target, or "*"'));
  }
  return drafts;
}

function isBindable(
  place: DocumentPlace,
  address: Address,
  id: Json | undefined,
  path: string,
): id is string {
  if (formOf(address) !== 'object') {
    addFinding(place, { ...wrongForm(address, path, 'an address'), part: 'key' });
    return false;
  }
  if (typeof id !== 'string' || id === '') return false;
  const fault = findIdFault(id);
  if (fault === undefined) return true;
  addFinding(place, {
    code: 'schema',
    summary: `the id for ${address} cannot be an id: ${fault}`,
    detail: 'Write the id of the object exactly as the vendor shows it, without its path.',
    path,
  });
  return false;
}

function readMoved(
  place: DocumentPlace,
  { from, to }: JsonObject,
  path: string,
): Pick<MovedStatement, 'what' | 'from' | 'to'> | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const [what, other] = [formOf(from), formOf(to)];
  // The schema has said that one of them has no form at all.
  if (what === undefined || other === undefined) return undefined;
  const complain = (summary: string, detail: string) => {
    addFinding(place, { code: 'schema', summary, detail, path });
    return undefined;
  };
  if (what !== other) {
    return complain(
      `moved from ${FORMS[what]} to ${FORMS[other]}`,
      'Write two addresses, two names of targets, or `project OLD` and `project NEW`.',
    );
  }
  if (from === to) return complain('moved to where it is already', 'Remove this statement.');
  if (what === 'object' && from.split('/')[1] !== to.split('/')[1]) {
    return complain(
      'moved to an address of another kind',
      'An object stays what it is at the vendor: correct the kind.',
    );
  }
  return what === 'project' ? { what, from: nameIn(from), to: nameIn(to) } : { what, from, to };
}

const PROJECT = 'project ';

function nameIn(text: string): string {
  return text.slice(PROJECT.length);
}

const FORMS = { object: 'an address', target: 'a target', project: 'a project' } as const;

function formOf(text: string): keyof typeof FORMS | undefined {
  if (ADDRESS.test(text)) return 'object';
  if (NAME.test(text)) return 'target';
  return text.startsWith(PROJECT) && NAME.test(nameIn(text)) ? 'project' : undefined;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const ADDRESS = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\/[A-Za-z0-9]{1,63}\/[a-z0-9-]{1,63}$/;

function wrongForm(text: string, path: string, wanted: string) {
  return {
    code: 'schema' as const,
    summary: `${quoteName(text)} is not ${wanted}`,
    detail: 'An address is TARGET/KIND/NAME, such as anam-prod/LLM/support.',
    path,
  };
}
