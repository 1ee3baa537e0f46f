import { describeValue, listNames, quoteName } from '../../model/format-path.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { didYouMean, suggestWord } from '../../model/suggest.js';
import type { Kind, Vendor } from '../../model/vendor.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';

/** The vendor and kind that a manifest names. */
export interface Envelope {
  document: JsonObject;
  vendor: Vendor;
  kind: Kind;
}

/** Finds the vendor and kind of a document; without them nothing else of it can be checked. */
export function readEnvelope(place: DocumentPlace, vendors: readonly Vendor[]): Envelope | undefined {
  const document = place.document.value;
  if (!isObject(document)) {
    addFinding(place, {
      code: 'schema',
      summary: `a manifest is a map that starts with "apiVersion: llmform/v1", not ${describeValue(document)}`,
      detail: 'Remove this document, or let the globs of the project file leave the file out.',
      path: '',
    });
    return undefined;
  }
  if (document.kind === 'Project') {
    addFinding(place, {
      code: 'schema',
      summary: 'this is a project file, not a manifest',
      detail: 'Let the globs under "manifests" in the project file leave it out.',
      path: '/kind',
    });
    return undefined;
  }
  checkApiVersion(place, document);
  const { kind: named } = document;
  if (document.vendor === undefined && typeof named === 'string' && suggestWord(named, ['Ledger'])) {
    addFinding(place, {
      code: 'unknown',
      summary: `unknown kind ${quoteName(named)}`,
      detail: 'Did you mean "Ledger"? A document of that kind holds statements to the ledger.',
      path: '/kind',
    });
    return undefined;
  }
  const vendor = oneOf(place, document, 'vendor', vendors, ({ id }) => id, 'Vendors');
  if (vendor === undefined) {
    if (typeof document.kind !== 'string') missing(place, document, 'kind', 'such as "kind: LLM"');
    return undefined;
  }
  const kind = oneOf(place, document, 'kind', vendor.kinds, ({ name }) => name, `Kinds of ${vendor.title}`);
  return kind === undefined ? undefined : { document, vendor, kind };
}

/** Also reported by the schema; here it is said once, in our words, and for documents of unknown kind too. */
export function checkApiVersion(place: DocumentPlace, document: JsonObject): void {
  const { apiVersion } = document;
  if (apiVersion === 'llmform/v1') return;
  addFinding(place, {
    code: 'schema',
    summary: apiVersion === undefined ? 'apiVersion is missing' : 'apiVersion must be llmform/v1',
    detail: 'Write "apiVersion: llmform/v1"; this version of llmform knows no other.',
    path: '/apiVersion',
  });
}

function oneOf<T>(
  place: DocumentPlace,
  document: JsonObject,
  field: 'vendor' | 'kind',
  known: readonly T[],
  nameOf: (one: T) => string,
  title: string,
): T | undefined {
  const word: Json | undefined = document[field];
  const found = known.find((one) => nameOf(one) === word);
  if (found !== undefined) return found;
  const names = known.map(nameOf);
  if (typeof word !== 'string') missing(place, document, field, `one of ${listNames(names)}`);
  else {
    addFinding(place, {
      code: 'unknown',
      summary: `unknown ${field} ${quoteName(word)}`,
      detail: `${didYouMean(word, names)}${title}: ${names.join(', ')}.`,
      path: `/${field}`,
    });
  }
  return undefined;
}

function missing(place: DocumentPlace, document: JsonObject, field: string, example: string): void {
  const value = document[field];
  addFinding(place, {
    code: 'schema',
    summary:
      value === undefined ? `${field} is missing` : `${field} must be text, not ${describeValue(value)}`,
    detail: `Write ${example.startsWith('one of') ? `"${field}: …" with ${example}` : `it, ${example}`}.`,
    path: `/${field}`,
  });
}
