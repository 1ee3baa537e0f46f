import { resolve } from 'node:path';
import { defined } from '../../model/defined.js';
import { type Diagnostic, hasErrors } from '../../model/diagnostic.js';
import { parseDuration } from '../../model/duration.js';
import { findVendor } from '../../model/find-kind.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import type { LedgerPlace, Project, SecretReference, Target } from '../../model/project.js';
import type { Vendor } from '../../model/vendor.js';
import { checkHosts } from '../document/check-hosts.js';
import { checkApiVersion } from '../document/envelope.js';
import { checkSecretFile } from '../document/secret-file.js';
import { checkProjectSchema, knownProjectNames } from '../schema/project-schema.js';
import { builtInSchemas, type Schemas } from '../schema/schemas.js';
import { addFinding, type DocumentPlace, textOf, toDiagnostics } from '../yaml/findings.js';
import type { Position } from '../yaml/position.js';
import { readYaml } from '../yaml/read-yaml.js';
import { decodeSourceFile } from '../yaml/source-file.js';
import { toYamlFindings } from '../yaml/yaml-findings.js';
import { checkGlobs } from './check-globs.js';
import { checkLedgerPath } from './check-ledger-path.js';
import { checkTargets } from './check-targets.js';
import { checkWatch } from './check-watch.js';
import { type TargetWatchFile, toProjectWatch, toTargetWatch, type WatchFile } from './watch-settings.js';

/** The place of a project file, and what it may name beside the files there. */
export type ProjectPlace = Pick<Project, 'file' | 'folder' | 'allowedFiles'>;

/**
 * Reads the project file and fills in the defaults. `folder` is absolute. There is a project only where nothing is wrong;
 * otherwise every mistake is in `diagnostics`. `locate` says where in the file a JSON Pointer leads.
 */
export function readProject(
  bytes: Uint8Array,
  where: ProjectPlace,
  vendors: readonly Vendor[],
  schemas: Schemas = builtInSchemas,
): { project?: Project; diagnostics: Diagnostic[]; locate(pointer: string): Position } {
  const source = decodeSourceFile(where.file, bytes);
  if (source.findings.length > 0) return { diagnostics: toDiagnostics([source]), locate: () => START };
  const text = textOf(source);
  const { documents, problems } = readYaml(text);
  source.findings.push(...toYamlFindings(problems, text, knownProjectNames));
  const [document, second] = documents;
  if (problems.length === 0 && (document === undefined || second !== undefined)) {
    source.findings.push({
      code: 'project',
      summary:
        document === undefined ? 'the project file is empty' : 'the project file holds several documents',
      detail: 'Write one document with apiVersion, kind: Project and targets.',
      line: second?.line ?? 1,
      column: 1,
    });
  }
  if (document === undefined) return { diagnostics: toDiagnostics([source]), locate: () => START };
  const place: DocumentPlace = { source, document };
  const value = document.value;
  if (!checkShape(place, value, schemas))
    return { diagnostics: toDiagnostics([source]), locate: () => START };
  checkGlobs(place, value.manifests);
  checkLedgerPath(place, value.ledger, where.folder);
  checkTargets(place, isObject(value.targets) ? value.targets : {}, vendors, where);
  checkWatch(place, value, where);
  checkLedgerKey(place, value.ledger, where);
  for (const found of checkHosts(value, [])) addFinding(place, found);
  const diagnostics = toDiagnostics([source]);
  const { locate } = document;
  // The schema has been checked by now, so that the file is what its type says.
  return hasErrors(diagnostics)
    ? { diagnostics, locate }
    : { project: toProject(value as unknown as ProjectFile, where, vendors), diagnostics, locate };
}

const START: Position = { line: 1, column: 1 };

function checkShape(place: DocumentPlace, value: Json, schemas: Schemas): value is JsonObject {
  if (!isObject(value) || value.kind !== 'Project') {
    addFinding(place, {
      code: 'project',
      summary: 'this is not a project file: it does not say "kind: Project"',
      detail:
        'A project file starts with "apiVersion: llmform/v1" and "kind: Project", and names its targets.',
      path: isObject(value) ? '/kind' : '',
    });
    return false;
  }
  checkApiVersion(place, value);
  for (const found of checkProjectSchema(value, schemas)) addFinding(place, found);
  return true;
}

function checkLedgerKey(place: DocumentPlace, ledger: Json | undefined, where: ProjectPlace): void {
  const key = isObject(ledger) && isObject(ledger.key) ? ledger.key : {};
  checkSecretFile(place, { path: '/ledger/key/fromFile', file: key.fromFile, what: 'key file' }, where);
}

/** The file as its schema lets it be written. */
interface ProjectFile {
  name: string;
  manifests?: string[];
  ledger?: { type: 'file' | 'git'; path?: string; ref?: string; remote?: string; key?: SecretReference };
  targets: Record<string, TargetFile>;
  guards?: Partial<Project['guards']>;
  watch?: WatchFile;
}

interface TargetFile {
  vendor: string;
  baseUrl?: string;
  auth: SecretReference;
  concurrency?: number;
  requestsPerSecond?: number;
  timeout?: string;
  caFile?: string;
  suspend?: boolean;
  watch?: TargetWatchFile;
}

function toProject(file: ProjectFile, where: ProjectPlace, vendors: readonly Vendor[]): Project {
  return {
    name: file.name,
    file: where.file,
    folder: where.folder,
    ...defined({ allowedFiles: where.allowedFiles }),
    manifests: file.manifests ?? ['manifests/**/*.{yaml,yml}'],
    ledger: toLedger(file.ledger),
    ...defined({ ledgerKey: file.ledger?.key }),
    targets: Object.entries(file.targets).map(([name, target]) =>
      toTarget(name, target, where.folder, vendors),
    ),
    guards: {
      maxDelete: 0,
      maxDeletePercent: 30,
      maxUpdatePercent: 100,
      maxMissingPercent: 30,
      ...file.guards,
    },
    ...defined({ watch: file.watch && toProjectWatch(file.watch) }),
  };
}

function toLedger(ledger: ProjectFile['ledger']): LedgerPlace {
  if (ledger?.type !== 'git') return { type: 'file', path: ledger?.path ?? '.llmform/ledger.json' };
  const { ref = 'refs/llmform/ledger', remote = 'origin', path = 'ledger.json' } = ledger;
  return { type: 'git', ref, remote, path };
}

function toTarget(name: string, file: TargetFile, folder: string, vendors: readonly Vendor[]): Target {
  const vendor = findVendor(vendors, file.vendor);
  return {
    name,
    vendor: file.vendor,
    baseUrl: (file.baseUrl ?? vendor?.baseUrl ?? '').replace(/\/+$/, ''),
    auth: file.auth,
    concurrency: file.concurrency ?? 8,
    requestsPerSecond: file.requestsPerSecond ?? 20,
    timeoutMs: parseDuration(file.timeout ?? '30s'),
    ...(file.caFile !== undefined && { caFile: resolve(folder, file.caFile) }),
    ...(file.suspend === true && { suspend: true }),
    ...defined({ watch: file.watch && toTargetWatch(file.watch) }),
  };
}
