import { defined } from '../model/defined.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import type { Action, Change, FieldChange, Plan } from '../model/plan.js';

/** An offline plan out of JSON that a stranger wrote, with known members only; undefined where one has another shape. */
export function parseForkPlan(value: Json | undefined): Plan | undefined {
  if (!isObject(value) || !isObject(value.summary) || isTooDeep(value, DEEPEST)) return undefined;
  const { project, summary } = value;
  const counts = [...ACTIONS, 'noop' as const].map((action) => [action, summary[action]] as const);
  const changes = all(value.changes, readChange);
  const diagnostics = all(value.diagnostics, readDiagnostic);
  if (typeof project !== 'string' || changes === undefined || diagnostics === undefined) return undefined;
  if (!counts.every(([, count]) => isCount(count))) return undefined;
  return {
    formatVersion: '1',
    project,
    fingerprint: '',
    options: { targets: [], prune: false, adopt: false, trustSecrets: false },
    summary: Object.fromEntries(counts) as unknown as Plan['summary'],
    requests: { read: 0, write: 0 },
    changes,
    diagnostics,
  };
}

const ACTIONS: readonly Action[] = ['create', 'update', 'replace', 'adopt', 'delete', 'orphan'];

/** Levels of nesting: a manifest of a few dozen is unheard of, and showing a value walks down all of them. */
const DEEPEST = 60;

function isTooDeep(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((member) => isTooDeep(member, left - 1));
}

function readChange(value: Json): Change | undefined {
  if (!isObject(value)) return undefined;
  const { address, vendor, kind, name } = value;
  const action = ACTIONS.find((known) => known === value.action);
  const fields = all(value.fields, readField);
  if (typeof address !== 'string' || typeof vendor !== 'string' || typeof kind !== 'string') return undefined;
  if (typeof name !== 'string' || action === undefined || fields === undefined) return undefined;
  const { source } = value;
  const place =
    isObject(source) && typeof source.file === 'string' && isCount(source.line)
      ? { source: { file: source.file, line: source.line } }
      : {};
  return { address, vendor, kind, name, action, fields, requests: [], ...place };
}

function readField(value: Json): FieldChange | undefined {
  if (!isObject(value) || typeof value.path !== 'string') return undefined;
  const { path, before, after } = value;
  return {
    path,
    ...defined({ before, after }),
    cause: value.cause === 'manifest' ? 'manifest' : 'unknown',
    ...(value.forcesReplacement === true && { forcesReplacement: true }),
  };
}

function readDiagnostic(value: Json): Diagnostic | undefined {
  if (!isObject(value) || typeof value.summary !== 'string') return undefined;
  const { severity, code, summary } = value;
  if ((severity !== 'error' && severity !== 'warning') || !isCode(code)) return undefined;
  const [line, column] = [value.line, value.column].map((number) => (isCount(number) ? number : undefined));
  return {
    severity,
    code,
    summary,
    ...texts(value, ['detail', 'file', 'address']),
    ...defined({ line, column }),
  };
}

/** Any word: it is only shown. */
function isCode(value: Json | undefined): value is Diagnostic['code'] {
  return typeof value === 'string' && /^[a-z-]{1,30}$/.test(value);
}

function texts<Name extends string>(
  object: JsonObject,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found = names.filter((name) => typeof object[name] === 'string').map((name) => [name, object[name]]);
  return Object.fromEntries(found) as Partial<Record<Name, string>>;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function all<T>(value: Json | undefined, read: (item: Json) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(read).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}
