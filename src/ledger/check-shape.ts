import { isObject, type Json, type JsonObject } from '../model/json.js';

/**
 * Describes a mistake in the shape of a ledger; undefined when there is none. Members that we do not know
 * are let through.
 */
export function findShapeFault(value: JsonObject): string | undefined {
  if (value.formatVersion !== 1) return 'formatVersion is not 1';
  if (typeof value.project !== 'string') return 'project is not a text';
  if (!isSalt(value.salt)) return 'salt is missing or not in base64';
  if (!isObject(value.objects)) return 'objects is not a map';
  if (!isObject(value.intents)) return 'intents is not a map';
  if (value.spent !== undefined && !isTextList(value.spent)) return 'spent is not a list of texts';
  return (
    firstFault('objects', value.objects, entryFault) ?? firstFault('intents', value.intents, intentFault)
  );
}

function firstFault(
  name: string,
  members: JsonObject,
  faultOf: (member: JsonObject) => string | undefined,
): string | undefined {
  for (const [address, member] of Object.entries(members)) {
    const fault = isObject(member) ? faultOf(member) : 'it is not an object';
    if (fault !== undefined) return `${name}, ${JSON.stringify(address)}: ${fault}`;
  }
  return undefined;
}

function entryFault(entry: JsonObject): string | undefined {
  if (!isText(entry.vendor)) return 'vendor is not a text';
  if (!isText(entry.id)) return 'id is not a text';
  if (!isTextMap(entry.applied)) return 'applied is not a map of texts';
  if (entry.notPersisted !== undefined && !isTextMap(entry.notPersisted)) {
    return 'notPersisted is not a map of texts';
  }
  if (entry.preventDestroy !== undefined && entry.preventDestroy !== true)
    return 'preventDestroy is not true';
  if (entry.retired !== undefined && !isTextList(entry.retired)) return 'retired is not a list of texts';
  return undefined;
}

function intentFault(intent: JsonObject): string | undefined {
  if (!isText(intent.vendor)) return 'vendor is not a text';
  if (intent.id !== undefined && !isText(intent.id)) return 'id is not a text';
  if (!isTextList(intent.known)) return 'known is not a list of texts';
  if (intent.name !== undefined && !isText(intent.name)) return 'name is not a text';
  if (intent.sent !== undefined && !isTextMap(intent.sent)) return 'sent is not a map of texts';
  const { inherited } = intent;
  if (inherited !== undefined && !isText(inherited) && !isObject(inherited))
    return 'inherited is neither a text nor a map';
  return undefined;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function isTextList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isTextMap(value: Json | undefined): boolean {
  return isObject(value) && Object.values(value).every(isText);
}

function isSalt(value: Json | undefined): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{16,}={0,2}$/.test(value);
}
