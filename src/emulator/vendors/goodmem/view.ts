import { stringifyExact } from '../../../model/exact-json.js';
import { isObject, type Json, type JsonObject } from '../../../model/json.js';
import type { Stored } from '../../store.js';
import type { GoodmemOptions } from './options.js';

const optionalTexts = ['description', 'version', 'monitoringEndpoint'];
const optionalOthers = ['defaultSamplingParams', 'maxContextLength', 'clientConfig'];

/** An LLM as an answer shows it under the current switches. */
export function view(options: GoodmemOptions, stored: Stored, withCredentials = false): JsonObject {
  const fields = Object.fromEntries(
    Object.entries(stored.shown).filter(([, value]) => value !== null && value !== ''),
  );
  const shown = { ...unset(options), ...fields };
  const llm = options.legacyStrings ? asStrings(shown) : shown;
  const credentials = stored.hidden.credentials;
  const echoed = (withCredentials || options.echoesCredentials) && credentials !== undefined;
  return echoed ? { ...llm, credentials } : llm;
}

function unset({ unset: form }: GoodmemOptions): JsonObject {
  if (form === 'absent') return {};
  const text = form === 'empty' ? '' : null;
  return Object.fromEntries([
    ...optionalTexts.map((name) => [name, text] as const),
    ...optionalOthers.map((name) => [name, null] as const),
  ]);
}

/** The artefact of the oldest reference page: scalars quoted, labels and stop sequences as JSON in a string. */
function asStrings(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, quoted(name, member)]));
}

function quoted(name: string, value: Json): Json {
  if (name === 'labels' || name === 'stopSequences') return stringifyExact(value);
  if (isObject(value) && name !== 'clientConfig') return asStrings(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
