import { isObject, type Json, type JsonObject } from '../model/json.js';
import { parsePointer, valueAt } from '../model/pointer.js';

/**
 * The desired spec with every ignored place taken from the live object, so that what is ignored in the plan is
 * ignored in apply too: it neither differs nor is overwritten when the field around it is sent whole.
 */
export function withIgnored(spec: JsonObject, live: JsonObject, pointers: readonly string[]): JsonObject {
  let result = spec;
  for (const pointer of pointers) {
    const tokens = parsePointer(pointer);
    // Validation refuses a pointer to something declared, so only places inside declared fields are left.
    if (tokens.length > 1) result = placed(result, tokens, valueAt(live, tokens)) as JsonObject;
  }
  return result;
}

function placed(value: Json, tokens: readonly string[], at: Json | undefined): Json {
  const [token, ...rest] = tokens;
  if (token === undefined || !isObject(value)) return value;
  if (rest.length > 0) {
    const inner = Object.hasOwn(value, token) ? value[token] : undefined;
    return inner === undefined ? value : { ...value, [token]: placed(inner, rest, at) };
  }
  if (at !== undefined) return { ...value, [token]: at };
  const { [token]: _dropped, ...others } = value;
  return others;
}
