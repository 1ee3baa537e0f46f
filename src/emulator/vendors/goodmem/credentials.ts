import { createHash } from 'node:crypto';
import { canonicalJson, isEmpty, isObject, type Json, type JsonObject } from '../../../model/json.js';
import { type Check, choice, list, map, object, type Problem, record, refused, text } from '../../shape.js';

/** `credentials`: an empty object is invalid, because it never clears. */
export function checkCredentials(value: Json, path: Problem['path']): Problem[] {
  const problems = shape(value, path);
  if (problems.length > 0 || !isObject(value)) return problems;
  const isKey = value.kind === 'CREDENTIAL_KIND_API_KEY';
  const wanted = isKey ? 'apiKey' : 'gcpAdc';
  const other = isKey ? 'gcpAdc' : 'apiKey';
  if (other in value) problems.push(...refused('does not go with this kind')({}, [...path, other]));
  if (isKey && !(wanted in value)) problems.push(...refused('is required')({}, [...path, wanted]));
  return problems;
}

const apiKey: Check = (value, path) => {
  const problems = record({
    inlineSecret: text({ min: 1 }),
    secretRef: record({ uri: text({ min: 1 }), hints: object() }, { required: ['uri'] }),
    headerName: text({ min: 1 }),
    prefix: text(),
  })(value, path);
  if (problems.length > 0 || !isObject(value)) return problems;
  const both = 'inlineSecret' in value === 'secretRef' in value;
  return both ? refused('must hold either inlineSecret or secretRef')({}, path) : [];
};

const shape = record(
  {
    kind: choice(['CREDENTIAL_KIND_API_KEY', 'CREDENTIAL_KIND_GCP_ADC']),
    apiKey,
    gcpAdc: record({ scopes: list(text()), quotaProjectId: text() }),
    labels: map(text(), { max: 20, key: /./ }),
  },
  { required: ['kind'] },
);

/** The key by which two LLMs of one owner are duplicates: the connection in canonical form, credentials by their hash. */
export function duplicateKey(shown: JsonObject, credentials: Json | undefined): string {
  const { ownerId, providerType, endpointUrl, apiPath, modelIdentifier } = shown;
  const fingerprint = isEmpty(credentials)
    ? ''
    : createHash('sha256')
        .update(canonicalJson(withoutNotes(credentials)))
        .digest('hex');
  return JSON.stringify([
    ownerId,
    providerType,
    canonicalUrl(String(endpointUrl)),
    apiPath,
    modelIdentifier,
    fingerprint,
  ]);
}

/** Host without case, no default port, no trailing slash. */
export function canonicalUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href.replace(/\/+$/, '') : text;
}

/** Labels on credentials are notes of operators and no part of what is presented. */
function withoutNotes(credentials: Json | undefined): Json | undefined {
  if (!isObject(credentials)) return credentials;
  const { labels: _, ...presented } = credentials;
  return presented;
}
