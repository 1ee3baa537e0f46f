import { quoteName } from '../../model/format-path.js';
import { isObject, type Json, type JsonObject, ownMember } from '../../model/json.js';
import { formatPointer, parsePointer } from '../../model/pointer.js';
import { didYouMean } from '../../model/suggest.js';
import type { Kind } from '../../model/vendor.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';

/** Checks `lifecycle.ignoreChanges` beyond its schema: JSON Pointers that can name a place of `spec`. */
export function checkIgnoreChanges(
  place: DocumentPlace,
  document: JsonObject,
  kind: Kind,
  fields: readonly string[],
): void {
  const spec: JsonObject = isObject(document.spec) ? document.spec : {};
  for (const { pointer, path } of lifecyclePointers(document, 'ignoreChanges')) {
    const tokens = parsePointer(pointer);
    const [field = ''] = tokens;
    const problem = isPointer(pointer) ? explainUnusable(pointer, tokens, spec, kind) : notAPointer(pointer);
    if (problem !== undefined) addFinding(place, { code: 'lifecycle', ...problem, path });
    else if (fields.length > 0 && !fields.includes(field) && !Object.hasOwn(spec, field)) {
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

/** The texts of a list of JSON Pointers in `lifecycle`, each with its own place in the document. */
export function lifecyclePointers(
  { lifecycle }: JsonObject,
  list: string,
): { pointer: string; path: string }[] {
  const pointers = ownMember(lifecycle, list);
  return (Array.isArray(pointers) ? pointers : []).flatMap((pointer, index) =>
    typeof pointer === 'string' ? [{ pointer, path: `/lifecycle/${list}/${index}` }] : [],
  );
}

export function isPointer(text: string): boolean {
  return POINTER.test(text);
}

export function notAPointer(text: string): Message {
  return {
    summary: `${quoteName(text)} is not a JSON Pointer into spec`,
    detail:
      'Write "/" before each name, such as /description or /labels/team ("~1" for "/" and "~0" for "~" in a name).',
  };
}

const POINTER = /^(?:\/(?:[^~/]|~[01])+)+$/;
const INDEX = /^(?:0|[1-9]\d*)$/;

/** Places within a field that cannot be left alone by themselves. */
function explainUnusable(
  pointer: string,
  [field = '', ...within]: readonly string[],
  spec: JsonObject,
  { rules }: Kind,
): Message | undefined {
  if (within.length === 0) return undefined;
  const whole = formatPointer([field]);
  const rule = rules.fields[field] ?? {};
  const instead = `Write ${quoteName(whole)} to ignore the whole field.`;
  const name = quoteName(pointer);
  if (rule.writeOnly === true) {
    return {
      summary: `${name} is a part of a field that the vendor never returns`,
      detail: `Such a field is sent whole, and its live value is not known. ${instead}`,
    };
  }
  if (rule.refersTo !== undefined) {
    return { summary: `${name} leads into the id of another object`, detail: instead };
  }
  if (rule.form === 'set' || rule.form === 'endpoints') {
    return {
      summary: `${name} is an item of a list whose order means nothing`,
      detail: `A position names no item there. ${instead}`,
    };
  }
  return explainDeadEnd(name, within, ownMember(spec, field), instead);
}

function explainDeadEnd(
  name: string,
  tokens: readonly string[],
  declared: Json | undefined,
  instead: string,
): Message | undefined {
  let value = declared;
  for (const token of tokens) {
    if (value === undefined) return undefined;
    if (Array.isArray(value)) {
      if (!INDEX.test(token)) {
        return {
          summary: `${name} has ${quoteName(token)} where spec has a list`,
          detail: `The items of a list are 0, 1, 2 and so on. ${instead}`,
        };
      }
      value = value[Number(token)];
    } else if (isObject(value)) value = ownMember(value, token);
    else {
      return {
        summary: `${name} leads into a value of spec that has no members`,
        detail: `Shorten it, or check the spelling. ${instead}`,
      };
    }
  }
  return undefined;
}
