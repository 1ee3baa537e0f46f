import { quoteName } from '../../model/format-path.js';
import { isObject, type JsonObject } from '../../model/json.js';
import { parsePointer, valueAt } from '../../model/pointer.js';
import { didYouMean } from '../../model/suggest.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';

/** Checks `lifecycle.ignoreChanges` beyond its schema: usable JSON Pointers that do not contradict `spec`. */
export function checkIgnoreChanges(
  place: DocumentPlace,
  document: JsonObject,
  fields: readonly string[],
): void {
  const { lifecycle, spec } = document;
  const pointers = isObject(lifecycle) ? lifecycle.ignoreChanges : undefined;
  if (!Array.isArray(pointers)) return;
  for (const [index, pointer] of pointers.entries()) {
    if (typeof pointer !== 'string') continue;
    const path = `/lifecycle/ignoreChanges/${index}`;
    const [field, ...within] = parsePointer(pointer);
    if (!POINTER.test(pointer) || field === undefined) {
      addFinding(place, {
        code: 'lifecycle',
        summary: `${quoteName(pointer)} is not a JSON Pointer into spec`,
        detail:
          'Write "/" before each name, such as /description or /labels/team ("~1" for "/" and "~0" for "~" in a name).',
        path,
      });
    } else if (isObject(spec) && valueAt(spec, [field, ...within]) !== undefined) {
      addFinding(place, {
        code: 'lifecycle',
        summary: `${quoteName(pointer)} is declared in spec and to be ignored as well`,
        detail: 'Remove it from spec to leave it to others, or from ignoreChanges to manage it.',
        path,
      });
    } else if (fields.length > 0 && !fields.includes(field)) {
      addFinding(place, {
        severity: 'warning',
        code: 'lifecycle',
        summary: `${quoteName(pointer)} names no field that this kind has, so it ignores nothing`,
        detail: `${didYouMean(field, fields)}Fields: ${fields.join(', ')}.`,
        path,
      });
    }
  }
}

const POINTER = /^(?:\/(?:[^~/]|~[01])+)+$/;
