import { type Address, formatAddress } from '../model/address.js';
import { quoteName } from '../model/format-path.js';
import { isObject, type JsonObject } from '../model/json.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Kind, Vendor } from '../model/vendor.js';
import { checkBoundId } from './document/check-bound-id.js';
import { checkExposedSecrets } from './document/check-exposed-secrets.js';
import { checkHosts } from './document/check-hosts.js';
import { checkIgnoreChanges } from './document/check-lifecycle.js';
import { type Envelope, readEnvelope } from './document/envelope.js';
import { isInsideProject } from './document/inside-project.js';
import { resolveTarget } from './document/resolve-target.js';
import { findSecretReferences } from './document/secret-references.js';
import { checkManifestSchema, knownManifestNames } from './schema/manifest-schema.js';
import type { Schemas } from './schema/schemas.js';
import { isStatements, readStatements, type StatementDrafts } from './statements/read-statements.js';
import { STATEMENT_NAMES } from './statements/statements-schema.js';
import { addFinding, type DocumentPlace, type SourceFile } from './yaml/findings.js';
import { readYaml } from './yaml/read-yaml.js';
import { decodeSourceFile } from './yaml/source-file.js';
import { toYamlFindings } from './yaml/yaml-findings.js';

/** The project, vendors and schemas that manifests are checked against. */
export interface ManifestContext {
  project: Project;
  vendors: readonly Vendor[];
  schemas: Schemas;
}

/** A document that has an address, whether or not the rest of it is right. */
export interface ManifestDraft {
  place: DocumentPlace;
  address: Address;
  kind: Kind;
  manifest: Manifest;
  /** Nothing is wrong with it by itself. */
  valid: boolean;
}

/** One file: its manifests and statements one by one, not yet compared with others. */
export interface ManifestFile {
  source: SourceFile;
  drafts: ManifestDraft[];
  statements: StatementDrafts[];
  /** Every manifest in it has an address. */
  whole: boolean;
}

/** Reads one file. */
export function readManifestFile(file: string, bytes: Uint8Array, rules: ManifestContext): ManifestFile {
  const source = decodeSourceFile(file, bytes);
  if (source.findings.length > 0) return { source, drafts: [], statements: [], whole: false };
  const { documents, problems } = readYaml(source.text);
  source.findings.push(
    ...toYamlFindings(problems, source.text, () => [
      ...knownManifestNames(rules.schemas),
      ...STATEMENT_NAMES,
    ]),
  );
  if (documents.length === 0 && problems.length === 0) {
    source.findings.push({
      severity: 'warning',
      code: 'file',
      summary: 'the file holds no manifest',
      detail: 'Remove it, or let the globs of the project file leave it out.',
      line: 1,
      column: 1,
    });
  }
  const places = documents.map((document) => ({ source, document }));
  const manifests = places.filter(({ document }) => !isStatements(document.value));
  const drafts = manifests.flatMap((place) => readDraft(place, rules) ?? []);
  const statements = places
    .filter(({ document }) => isStatements(document.value))
    .map((place) => readStatements(place, rules.project.name, rules.schemas));
  return { source, drafts, statements, whole: problems.length === 0 && drafts.length === manifests.length };
}

function readDraft(place: DocumentPlace, rules: ManifestContext): ManifestDraft | undefined {
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
  return { place, address: place.address, kind, manifest, valid };
}

const NAME = /^[a-z0-9-]{1,63}$/;

function checkDocument(place: DocumentPlace, envelope: Envelope, { schemas }: ManifestContext): void {
  const { document, vendor, kind } = envelope;
  const remarks = checkManifestSchema(envelope, schemas);
  for (const found of remarks) addFinding(place, found);
  if (isObject(document.spec)) {
    for (const found of checkExposedSecrets(document.spec, kind)) addFinding(place, found);
    for (const found of checkHosts(document.spec, ['spec'])) addFinding(place, found);
  }
  checkBoundId(place, document);
  checkIgnoreChanges(place, document, schemas.fieldsOf[`${vendor.id}/${kind.name}`] ?? []);
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
  const ignored = Array.isArray(lifecycle.ignoreChanges) ? lifecycle.ignoreChanges : [];
  const { address, target, name } = identity;
  const manifest: Manifest = {
    address,
    target,
    vendor: vendor.id,
    kind: kind.name,
    name,
    preventDestroy: lifecycle.preventDestroy === true,
    ignoreChanges: ignored.filter((pointer) => typeof pointer === 'string'),
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
    if (!('fromFile' in reference) || typeof reference.fromFile !== 'string') continue;
    if (isInsideProject(reference.fromFile, project.folder)) continue;
    addFinding(place, {
      code: 'secret',
      summary: `the secret file ${quoteName(reference.fromFile)} is outside the project, or in its .git`,
      detail:
        'Secrets are read only from files below the folder of the project file: move it there, or use fromEnv.',
      path: `/spec${pointer}/fromFile`,
    });
  }
}
