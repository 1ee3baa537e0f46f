import { type Address, formatAddress } from '../model/address.js';
import { isObject, type JsonObject } from '../model/json.js';
import type { Manifest } from '../model/manifest.js';
import type { Project } from '../model/project.js';
import type { Kind, Vendor } from '../model/vendor.js';
import { type Envelope, readEnvelope } from './envelope.js';
import { type Place, remark, type SourceFile } from './findings.js';
import { isInsideProject } from './inside-project.js';
import { keyRemarks } from './key-checks.js';
import { checkIgnoreChanges } from './lifecycle.js';
import { knownNames, manifestRemarks } from './manifest-schema.js';
import { quote } from './pretty-path.js';
import type { Schemas } from './schemas.js';
import { secretReferences } from './secrets.js';
import { sourceFile } from './source-file.js';
import { targetOf } from './target-of.js';
import { readYaml } from './yaml.js';
import { yamlFindings } from './yaml-findings.js';

/** What manifests are judged by. */
export interface Rules {
  project: Project;
  vendors: readonly Vendor[];
  schemas: Schemas;
}

/** A document that has an address, whether or not the rest of it is right. */
export interface Draft {
  place: Place;
  address: Address;
  kind: Kind;
  manifest: Manifest;
  /** Nothing is wrong with it by itself. */
  valid: boolean;
}

/** Reads one file: its manifests one by one, not yet compared with others. */
export function readFile(
  file: string,
  bytes: Uint8Array,
  rules: Rules,
): { source: SourceFile; drafts: Draft[] } {
  const source = sourceFile(file, bytes);
  if (source.findings.length > 0) return { source, drafts: [] };
  const { documents, problems } = readYaml(source.text);
  source.findings.push(...yamlFindings(problems, source.text, () => knownNames(rules.schemas)));
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
  const drafts = documents.flatMap((document) => readDraft({ source, document }, rules) ?? []);
  return { source, drafts };
}

function readDraft(place: Place, rules: Rules): Draft | undefined {
  const { findings } = place.source;
  const before = findings.length;
  const envelope = readEnvelope(place, rules.vendors);
  if (envelope === undefined) return undefined;
  const { document, vendor, kind } = envelope;
  const metadata = isObject(document.metadata) ? document.metadata : {};
  const target = targetOf(place, metadata.target, vendor, rules.project);
  const name = typeof metadata.name === 'string' && NAME.test(metadata.name) ? metadata.name : undefined;
  if (target !== undefined && name !== undefined) {
    place.address = formatAddress(target, kind.name, name);
    // What was found before the address was known is about this object too.
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

function checkDocument(place: Place, envelope: Envelope, { schemas }: Rules): void {
  const { document, vendor, kind } = envelope;
  const remarks = manifestRemarks(envelope, schemas);
  for (const found of remarks) remark(place, found);
  if (isObject(document.spec)) for (const found of keyRemarks(document.spec, kind)) remark(place, found);
  checkIgnoreChanges(place, document, schemas.fieldsOf[`${vendor.id}/${kind.name}`] ?? []);
  // An audit may rely on the shape that the schema asks for.
  if (remarks.length > 0 || !isObject(document.spec)) return;
  for (const { severity, ...finding } of kind.audit?.(document.spec) ?? []) {
    remark(place, { ...finding, code: 'audit', ...(severity === 'warning' ? { severity } : {}) });
  }
}

function toManifest(
  place: Place,
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

function checkSecretFiles(place: Place, manifest: Manifest, { project, vendors }: Rules): void {
  for (const { pointer, reference } of secretReferences(manifest, vendors)) {
    if (!('fromFile' in reference) || typeof reference.fromFile !== 'string') continue;
    if (isInsideProject(reference.fromFile, project.folder)) continue;
    remark(place, {
      code: 'secret',
      summary: `the secret file ${quote(reference.fromFile)} is outside the project, or in its .git`,
      detail:
        'Secrets are read only from files below the folder of the project file: move it there, or use fromEnv.',
      path: `/spec${pointer}/fromFile`,
    });
  }
}
