import { type Address, formatAddress } from '../model/address.js';
import { isObject, type JsonObject } from '../model/json.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Kind, Vendor } from '../model/vendor.js';
import { checkBoundId } from './document/check-bound-id.js';
import { checkExposedSecrets } from './document/check-exposed-secrets.js';
import { checkHosts } from './document/check-hosts.js';
import { checkKeptSecrets } from './document/check-kept-secrets.js';
import { checkIgnoreChanges, lifecyclePointers } from './document/check-lifecycle.js';
import { checkAllowUnknown } from './document/check-unknown.js';
import { type Envelope, readEnvelope } from './document/envelope.js';
import { resolveTarget } from './document/resolve-target.js';
import { checkSecretFile } from './document/secret-file.js';
import { findSecretReferences } from './document/secret-references.js';
import { checkManifestSchema, knownManifestNames } from './schema/manifest-schema.js';
import type { Schemas } from './schema/schemas.js';
import { isStatements, readStatements, type StatementDrafts } from './statements/read-statements.js';
import { STATEMENT_NAMES } from './statements/statements-schema.js';
import { addFinding, type DocumentPlace, type SourceFile, textOf } from './yaml/findings.js';
import type { YamlProblem } from './yaml/read-exact.js';
import { readDocuments } from './yaml/read-yaml.js';
import { decodeSourceFile, type FileBytes } from './yaml/source-file.js';
import { toYamlFindings } from './yaml/yaml-findings.js';

/** The project, vendors and schemas that manifests are checked against. */
export interface ManifestContext {
  project: Project;
  vendors: readonly Vendor[];
  schemas: Schemas;
}

/** A file of manifests. A function in place of its bytes may be asked for them more than once. */
export interface ManifestFile {
  file: string;
  bytes: FileBytes;
}

/**
 * A document that has an address, whether or not the rest of it is right. There are thousands: text and positions of one
 * are read again for a finding that comes late.
 */
export interface ManifestDraft {
  source: SourceFile;
  /** Which of the documents of its file that could be read, from 0. */
  index: number;
  kind: Kind;
  manifest: Manifest;
  /** Nothing is wrong with it by itself. */
  valid: boolean;
}

/** A file of a project. */
export interface ManifestFile {
  file: string;
  bytes: FileBytes;
}

/** The content of one file: its manifests and statements one by one, not yet compared with others. */
export interface ReadFile {
  source: SourceFile;
  drafts: ManifestDraft[];
  statements: StatementDrafts[];
  /** Every manifest in it has an address. */
  whole: boolean;
}

/** Reads one file. */
export function readManifestFile({ file, bytes }: ManifestFile, rules: ManifestContext): ReadFile {
  const source = decodeSourceFile(file, bytes);
  if (source.findings.length > 0) return { source, drafts: [], statements: [], whole: false };
  const text = textOf(source);
  const problems: YamlProblem[] = [];
  const drafts: ManifestDraft[] = [];
  const statements: StatementDrafts[] = [];
  let count = 0;
  for (const document of readDocuments(text, problems)) {
    const place = { source, document };
    if (isStatements(document.value))
      statements.push(readStatements(place, rules.project.name, rules.schemas));
    else {
      const draft = readDraft(place, count, rules);
      if (draft !== undefined) drafts.push(draft);
    }
    count += 1;
  }
  source.findings.push(
    ...toYamlFindings(problems, text, () => [...knownManifestNames(rules.schemas), ...STATEMENT_NAMES]),
  );
  if (count === 0 && problems.length === 0) {
    source.findings.push({
      severity: 'warning',
      code: 'file',
      summary: 'the file holds no manifest',
      detail: 'Remove it, or let the globs of the project file leave it out.',
      line: 1,
      column: 1,
    });
  }
  // Excerpts need the text of a file with findings. Most have none.
  if (source.findings.length === 0) source.text = undefined;
  const whole = problems.length === 0 && drafts.length === count - statements.length;
  return { source, drafts, statements, whole };
}

function readDraft(place: DocumentPlace, index: number, rules: ManifestContext): ManifestDraft | undefined {
  const { findings } = place.source;
  const before = findings.length;
  const envelope = readEnvelope(place, rules.vendors);
  if (envelope === undefined) return undefined;
  const { document, vendor, kind } = envelope;
  const metadata = isObject(document.metadata) ? document.metadata : {};
  const target = resolveTarget(place, metadata.target, vendor, rules.project);
  const name = typeof metadata.name === 'string' && NAME.test(metadata.name) ? metadata.name : undefined;
  if (target !== undefined && name !== undefined) {
    place.address = formatAddress(target, kind.name, name);
    // Findings from before the address was known are about this object too.
    for (const finding of findings.slice(before)) finding.address = place.address;
  }
  checkDocument(place, envelope, rules);
  if (place.address === undefined || target === undefined || name === undefined) return undefined;
  const manifest = toManifest(place, { address: place.address, target, name }, envelope);
  checkSecretFiles(place, manifest, rules);
  const valid = findings.slice(before).every(({ severity }) => severity === 'warning');
  return { source: place.source, index, kind, manifest, valid };
}

const NAME = /^[a-z0-9-]{1,63}$/;

function checkDocument(place: DocumentPlace, envelope: Envelope, { schemas }: ManifestContext): void {
  const { document, vendor, kind } = envelope;
  const { remarks, unknown } = checkManifestSchema(envelope, schemas);
  for (const found of remarks) addFinding(place, found);
  if (isObject(document.spec)) {
    for (const found of checkExposedSecrets(document.spec, kind)) addFinding(place, found);
    for (const found of checkKeptSecrets(document.spec, kind)) addFinding(place, found);
    for (const found of checkHosts(document.spec, ['spec'])) addFinding(place, found);
  }
  checkBoundId(place, document);
  const fields = schemas.fieldsOf[`${vendor.id}/${kind.name}`] ?? [];
  checkIgnoreChanges(place, document, kind, fields);
  checkAllowUnknown(place, document, kind, unknown, fields);
  // An audit may rely on the shape that the schema asks for.
  if (remarks.length > 0 || !isObject(document.spec)) return;
  const exists = isObject(document.metadata) && document.metadata.id !== undefined;
  for (const { severity, ...finding } of kind.audit?.(document.spec, exists) ?? []) {
    addFinding(place, { ...finding, code: 'audit', ...(severity === 'warning' ? { severity } : {}) });
  }
}

function toManifest(
  place: DocumentPlace,
  identity: { address: Address; target: string; name: string },
  { document, vendor, kind }: Envelope,
): Manifest {
  const metadata = isObject(document.metadata) ? document.metadata : {};
  const lifecycle: JsonObject = isObject(document.lifecycle) ? document.lifecycle : {};
  const { address, target, name } = identity;
  const manifest: Manifest = {
    address,
    target,
    vendor: vendor.id,
    kind: kind.name,
    name,
    preventDestroy: lifecycle.preventDestroy === true,
    ignoreChanges: lifecyclePointers(document, 'ignoreChanges').map(({ pointer }) => pointer),
    allowUnknown: lifecyclePointers(document, 'allowUnknown').map(({ pointer }) => pointer),
    spec: isObject(document.spec) ? document.spec : {},
    source: { file: place.source.file, line: place.document.line },
  };
  if (typeof metadata.id === 'string') manifest.id = metadata.id;
  return manifest;
}

function checkSecretFiles(
  place: DocumentPlace,
  manifest: Manifest,
  { project, vendors }: ManifestContext,
): void {
  for (const { pointer, reference } of findSecretReferences(manifest, vendors)) {
    if (!('fromFile' in reference)) continue;
    const named = { path: `/spec${pointer}/fromFile`, file: reference.fromFile, what: 'secret file' };
    checkSecretFile(place, named, project);
  }
}
