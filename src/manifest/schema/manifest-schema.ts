import type { SchemaError } from '../../model/compiled-schema.js';
import { quoteName } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import type { Kind } from '../../model/vendor.js';
import { lifecyclePointers } from '../document/check-lifecycle.js';
import type { Envelope } from '../document/envelope.js';
import { secretPlaces } from '../document/secret-references.js';
import type { DocumentFinding } from '../yaml/findings.js';
import { type CheckedDocument, explainSchemaErrors } from './schema-errors.js';
import { type Schemas, validateDocument } from './schemas.js';

/** The findings of a manifest's schema, and JSON Pointers into `spec` of what it does not know, allowed or not. */
export function checkManifestSchema(
  { document, vendor, kind }: Envelope,
  schemas: Schemas,
): { remarks: DocumentFinding[]; unknown: string[] } {
  const name = `${vendor.id}/${kind.name}`;
  const all = validateDocument(schemas, name, document).filter((error) => !isReportedElsewhere(error));
  const unknown = all.flatMap((error) => unknownIn(error) ?? []);
  const allowed = new Set(
    lifecyclePointers(document, 'allowUnknown')
      .map(({ pointer }) => pointer)
      .filter((pointer) => !secretPlaces(kind).some((place) => pointer.startsWith(`${place}/`))),
  );
  const errors = all.filter((error) => !allowed.has(unknownIn(error) ?? ''));
  if (errors.length === 0) return { remarks: [], unknown };
  const members: Record<string, readonly string[]> = { ...ENVELOPE, '/spec': schemas.fieldsOf[name] ?? [] };
  const subject: CheckedDocument = {
    value: document as Json,
    known: (pointer) => members[pointer] ?? [],
    secretPlaces: secretPlaces(kind).map((place) => `/spec${place}`),
    mayKeepSecrets: true,
    required: (where, field) =>
      where === '/spec' ? requiredToCreate(field, kind) : REQUIRED[`${where}/${field}`],
    clearedBy: vendor.title,
    unknownWayOut,
  };
  return { remarks: explainSchemaErrors(errors, subject), unknown };
}

/** The place in `spec` of a member that the schema does not know. */
function unknownIn({ instancePath, keyword, params }: SchemaError): string | undefined {
  if (keyword !== 'additionalProperties' || !/^\/spec(?:\/|$)/.test(instancePath)) return undefined;
  return instancePath.slice('/spec'.length) + formatPointer([String(params.additionalProperty)]);
}

function unknownWayOut(path: string): string {
  if (!path.startsWith('/spec/')) return '';
  const pointer = quoteName(path.slice('/spec'.length));
  return `If the vendor has it and llmform does not know it yet, list ${pointer} in lifecycle.allowUnknown.`;
}

/** Every name that a manifest may hold at its top, in its envelope or in `spec`. */
export function knownManifestNames({ fieldsOf }: Schemas): string[] {
  return [...Object.values(ENVELOPE), ...Object.values(fieldsOf)].flat();
}

const ENVELOPE: Record<string, readonly string[]> = {
  '': ['apiVersion', 'kind', 'vendor', 'metadata', 'lifecycle', 'spec'],
  '/metadata': ['name', 'target', 'id'],
  '/lifecycle': ['preventDestroy', 'ignoreChanges', 'allowUnknown'],
};

const REQUIRED: Record<string, { summary: string; detail: string }> = {
  '/metadata': {
    summary: 'metadata is missing',
    detail: 'Add "metadata: { name: … }": the name makes the address of the object.',
  },
  '/metadata/name': {
    summary: 'metadata.name is missing',
    detail:
      'Give the object a name of 1 to 63 lower-case letters, digits and "-", unique per target and kind.',
  },
  '/spec': {
    summary: 'spec is missing',
    detail: 'Add "spec:" with the fields that llmform is to manage.',
  },
};

function requiredToCreate(field: string, { name, rules }: Kind): { summary: string; detail: string } {
  const article = /^(?:[AEIO]|LLM)/.test(name) ? 'an' : 'a';
  const keep =
    rules.fields[field]?.secrets === undefined ? '' : ', or { keep: true } for an object that exists';
  return {
    summary: `spec.${field} is required to create ${article} ${name}`,
    detail: `Add it${keep}, or bind to an existing object with metadata.id.`,
  };
}

/** The version is checked before the schema is chosen, JSON Pointers after it, where more can be said. */
function isReportedElsewhere({ instancePath, keyword, params }: SchemaError): boolean {
  if (instancePath === '/apiVersion') return true;
  if (keyword === 'required' && instancePath === '' && params.missingProperty === 'apiVersion') return true;
  return keyword === 'pattern' && /^\/lifecycle\/(?:ignoreChanges|allowUnknown)\//.test(instancePath);
}
