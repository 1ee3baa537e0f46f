import type { JsonObject } from '../../model/json.js';
import type { DocumentFinding } from '../yaml/findings.js';
import { explainSchemaErrors } from './schema-errors.js';
import { type Schemas, validateDocument } from './schemas.js';

/** The findings of the project file's schema. */
export function checkProjectSchema(document: JsonObject, schemas: Schemas): DocumentFinding[] {
  const errors = validateDocument(schemas, 'project', document).filter(
    ({ instancePath, keyword, params }) =>
      // Both are said elsewhere, in better words.
      instancePath !== '/apiVersion' && !(keyword === 'required' && params.missingProperty === 'apiVersion'),
  );
  if (errors.length === 0) return [];
  return explainSchemaErrors(errors, { value: document, known, secretPlaces: [], required });
}

/** Every name that a project file may hold, apart from the names of targets. */
export function knownProjectNames(): string[] {
  return MEMBERS.flatMap(([, names]) => [...names]);
}

function known(pointer: string): readonly string[] {
  return MEMBERS.find(([where]) => where.test(pointer))?.[1] ?? [];
}

const MEMBERS: readonly (readonly [where: RegExp, names: readonly string[]])[] = [
  [/^$/, ['apiVersion', 'kind', 'name', 'manifests', 'ledger', 'targets', 'guards', 'watch']],
  [/^\/ledger$/, ['type', 'path', 'ref', 'remote']],
  [/^\/guards$/, ['maxDelete', 'maxDeletePercent', 'maxUpdatePercent', 'maxMissingPercent']],
  [
    /^\/targets\/[^/]+$/,
    [
      ...['vendor', 'baseUrl', 'auth', 'concurrency', 'requestsPerSecond', 'timeout', 'caFile'],
      ...['suspend', 'watch'],
    ],
  ],
  [
    /^\/watch$/,
    [
      ...['mode', 'interval', 'runLimit', 'prune', 'adopt', 'listen', 'url', 'git'],
      ...['webhookSecret', 'uiToken', 'windows', 'notify'],
    ],
  ],
  [/^\/watch\/git$/, ['url', 'ref', 'interval', 'submodules']],
  [/^\/watch\/notify\/\d+$/, ['type', 'url', 'secret', 'on']],
  [/^\/targets\/[^/]+\/watch$/, ['mode', 'interval', 'windows']],
  [/\/windows\/\d+$/, ['cron', 'duration', 'timeZone']],
];

function required(where: string, field: string): { summary: string; detail: string } | undefined {
  if (where === '' && field === 'name') {
    return {
      summary: 'the project has no name: name is missing',
      detail:
        'It is part of every ownership mark, and two projects that share one delete each other\'s objects: write a name of its own, such as `name: avatars`. A project that was applied without one was called "default": there, write `name: default`, which keeps everything.',
    };
  }
  if (where === '' && field === 'targets') {
    return {
      summary: 'targets is missing',
      detail: 'Add a target for each vendor account: a name, its vendor, and auth: { fromEnv: NAME }.',
    };
  }
  const target = /^\/targets\/([^/]+)$/.exec(where)?.[1];
  if (target !== undefined && field === 'auth') {
    return {
      summary: `the target ${target} has no credential: targets.${target}.auth is missing`,
      detail: 'Add "auth: { fromEnv: NAME }", with the environment variable that holds the credential.',
    };
  }
  return undefined;
}
