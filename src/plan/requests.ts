import { applyMapPatch, type MapPatch } from '../diff/map-patch.js';
import { isObject, type Json, type JsonObject } from '../model/json.js';
import { pick } from '../model/parse-answer.js';
import type { Kind, KindRequest, Live, WriteOperation, WriteRequest } from '../model/vendor.js';
import { hasRoomForMark, ownershipMarkOf } from './match/identity.js';

/** Creates an object. `spec` has its references replaced already; the mark and the id are added here. */
export function buildCreateRequest(
  kind: Kind,
  spec: JsonObject,
  mark: string,
  clientId?: string,
): WriteRequest {
  const body: JsonObject = {};
  for (const [name, value] of Object.entries(spec)) {
    body[name] = kind.rules.fields[name]?.map === undefined ? value : withoutNulls(value);
  }
  const wire = kind.toWire(withMark(kind, body, mark));
  if (kind.rules.clientId !== undefined && clientId !== undefined) wire[kind.rules.clientId] = clientId;
  return write('create', kind.create(wire));
}

/** The fields that an update changes. The references in `spec` are replaced already. */
export interface FieldUpdate {
  spec: JsonObject;
  fields: readonly string[];
  /** By field. */
  maps: Readonly<Record<string, MapPatch>>;
}

/** The smallest update of the given fields and maps; undefined when there is nothing to send. */
export function buildUpdateRequest(
  kind: Kind,
  live: Live,
  { spec, fields, maps }: FieldUpdate,
  mark: string,
): WriteRequest | undefined {
  const body: JsonObject = {};
  for (const name of fields) {
    const value = spec[name];
    if (value === undefined) continue;
    const onUpdate = kind.rules.fields[name]?.onUpdate;
    Object.assign(body, onUpdate ? (onUpdate(value) ?? {}) : kind.toWire(pick(spec, [name])));
  }
  for (const [name, patch] of Object.entries(maps))
    Object.assign(body, mapBody(kind, live, name, patch, mark));
  return updateOf(kind, live, body);
}

/** Writes our mark on an object, or takes it off; undefined where nothing has to be sent. */
export function buildMarkRequest(kind: Kind, live: Live, mark: string | undefined): WriteRequest | undefined {
  const place = kind.rules.mark;
  if (place === undefined || ownershipMarkOf(kind, live) === mark) return undefined;
  const patch =
    mark === undefined ? { set: {}, removed: [place.key] } : { set: { [place.key]: mark }, removed: [] };
  return updateOf(kind, live, mapBody(kind, live, place.field, patch, mark));
}

function updateOf(kind: Kind, live: Live, body: JsonObject): WriteRequest | undefined {
  if (kind.update === undefined || Object.keys(body).length === 0) return undefined;
  return write('update', kind.update(live.id, body), live.id);
}

/** Removes an object. Planning never asks for one of a kind that cannot be removed. */
export function removeRequest(kind: Kind, id: string): WriteRequest {
  if (kind.remove === undefined) throw new Error(`${kind.name} cannot be removed`);
  return write('remove', kind.remove(id), id);
}

/** Adds the purpose to the HTTP request of a kind. The kind may override `repeatable`. */
function write(op: WriteOperation, request: KindRequest, id?: string): WriteRequest {
  return { op, ...(id !== undefined && { id }), repeatable: op !== 'create', ...request };
}

/** Tells if an update can express this value of a field; if not, the object has to be replaced. */
export function canUpdateField(kind: Kind, name: string, value: Json | undefined): boolean {
  if (kind.update === undefined) return false;
  const rule = kind.rules.fields[name];
  if (rule?.immutable === true) return false;
  return rule?.onUpdate === undefined || (value !== undefined && rule.onUpdate(value) !== undefined);
}

/** The map patch that puts our mark on an object; empty where it has it, or has no room for one after `maps`. */
export function ownershipMarkPatch(
  kind: Kind,
  live: Live,
  mark: string,
  maps: Readonly<Record<string, MapPatch>> = {},
): Record<string, MapPatch> {
  const place = kind.rules.mark;
  if (place === undefined || ownershipMarkOf(kind, live) === mark) return {};
  const patch = maps[place.field];
  const after = patch ? applyMapPatch(live.spec[place.field], patch) : live.spec[place.field];
  if (!hasRoomForMark(kind.rules, after)) return {};
  return { [place.field]: { set: { [place.key]: mark }, removed: [] } };
}

function mapBody(
  kind: Kind,
  live: Live,
  name: string,
  patch: MapPatch,
  mark: string | undefined,
): JsonObject {
  const rule = kind.rules.fields[name]?.map;
  if (rule === undefined) return {};
  const place = kind.rules.mark?.field === name ? kind.rules.mark : undefined;
  const after = applyMapPatch(live.spec[name], patch);
  // The mark gives way to what people declare.
  const isCrowded = place !== undefined && !hasRoomForMark(kind.rules, after);
  const inTheWay = isCrowded && Object.hasOwn(after, place.key);
  if (rule.merge !== undefined && patch.removed.length === 0 && !inTheWay) return { [rule.merge]: patch.set };
  const whole = rule.fixed === true ? withoutNulls(after) : after;
  if (place === undefined) return { [rule.replace]: whole };
  const { [place.key]: _mark, ...others } = after;
  return { [rule.replace]: isCrowded || mark === undefined ? others : { ...others, [place.key]: mark } };
}

function withMark(kind: Kind, spec: JsonObject, mark: string): JsonObject {
  const place = kind.rules.mark;
  if (place === undefined) return spec;
  const map = spec[place.field];
  if (!hasRoomForMark(kind.rules, map)) return spec;
  return { ...spec, [place.field]: { ...(isObject(map) ? map : {}), [place.key]: mark } };
}

/** A map without the keys that are declared as null. */
export function withoutNulls(value: Json): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}
