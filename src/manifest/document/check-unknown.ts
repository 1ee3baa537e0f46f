import { quoteName } from '../../model/format-path.js';
import { isObject, type JsonObject } from '../../model/json.js';
import { parsePointer, valueAt } from '../../model/pointer.js';
import type { Kind } from '../../model/vendor.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';
import { isPointer, lifecyclePointers, notAPointer } from './check-lifecycle.js';

/**
 * Checks `lifecycle.allowUnknown` beyond its schema.
 * @param unknown JSON Pointers into `spec` of what the schema does not know
 * @param fields the fields that it does know
 */
export function checkAllowUnknown(
  place: DocumentPlace,
  document: JsonObject,
  kind: Kind,
  unknown: readonly string[],
  fields: readonly string[],
): void {
  if (!isObject(document.spec)) return;
  for (const { pointer, path } of lifecyclePointers(document, 'allowUnknown')) {
    const problem = isPointer(pointer) ? explainReserved(pointer, kind) : notAPointer(pointer);
    if (problem !== undefined) {
      addFinding(place, { code: 'lifecycle', ...problem, path });
      continue;
    }
    const value = valueAt(document.spec, parsePointer(pointer));
    const remark = unknown.includes(pointer)
      ? isObject(value) && REFERENCES.some((form) => Object.hasOwn(value, form))
        ? literalReference(pointer)
        : undefined
      : explainNeedless(pointer, value !== undefined, fields);
    if (remark !== undefined) addFinding(place, { severity: 'warning', code: 'lifecycle', ...remark, path });
  }
}

const REFERENCES = ['fromEnv', 'fromFile', 'fromCommand', 'ref'];

/** Members of a request that llmform writes itself, beside the fields of a spec. */
function explainReserved(pointer: string, { rules }: Kind): Message | undefined {
  const [field = ''] = parsePointer(pointer);
  const maps = Object.values(rules.fields).flatMap(({ map }) => (map ? [map.replace, map.merge] : []));
  if (rules.fields[field] !== undefined || ![rules.clientId, ...maps].includes(field)) return undefined;
  return {
    summary: `${quoteName(pointer)} is a member of requests that llmform writes itself`,
    detail: 'Remove it from allowUnknown and from spec.',
  };
}

function literalReference(pointer: string): Message {
  return {
    summary: `${quoteName(pointer)} looks like a reference, and is sent as it is written`,
    detail: 'llmform resolves references only in fields that it knows.',
  };
}

function explainNeedless(pointer: string, declared: boolean, fields: readonly string[]): Message {
  const name = quoteName(pointer);
  const known = declared || fields.some((field) => pointer === `/${field}`);
  return known
    ? {
        summary: `${name} is no unknown field: the schema knows it`,
        detail: 'It is checked as always. Remove it from allowUnknown.',
      }
    : {
        summary: `${name} in allowUnknown names nothing in spec`,
        detail: 'Remove it, or check its spelling.',
      };
}
