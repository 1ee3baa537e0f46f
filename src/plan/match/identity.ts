import { v5 } from 'uuid';
import type { Address } from '../../model/address.js';
import { isObject, type Json, type JsonObject, ownMember } from '../../model/json.js';
import type { Kind, KindRules, Live } from '../../model/vendor.js';

/** Made once for llmform, so that a name gives the same UUID on any machine. */
const NAMESPACE = '6f1c8e0a-5c0e-5d0b-9a53-3f6f3b1f9d27';

/** The ownership mark: the project's name and the object's address. */
export function ownershipMarkFor(project: string, address: Address): string {
  return `${project}/${address}`;
}

/** The ownership mark of a live object. */
export function ownershipMarkOf({ rules }: Kind, live: Live): string | undefined {
  const mark = rules.mark && ownMember(live.spec[rules.mark.field], rules.mark.key);
  return typeof mark === 'string' && MARK.test(mark) ? mark : undefined;
}

/** `<project>/<target>/<kind>/<name>`. Text of any other form is no mark: it would become an address. */
const MARK = /^(?:[A-Za-z0-9][\w.-]{0,62}\/){2}\w{1,63}\/[a-z0-9-]{1,63}$/;

/** Tells if the map that holds the ownership mark has room for it beside its other keys. */
export function hasRoomForMark({ fields, mark }: KindRules, map: Json | undefined): boolean {
  if (mark === undefined) return false;
  const { max = Number.POSITIVE_INFINITY } = fields[mark.field]?.map ?? {};
  return !isObject(map) || Object.keys(map).filter((key) => key !== mark.key).length < max;
}

/**
 * The client-made id of an object: UUID v5 of the project's name and the address, and of a count once that id is, or was,
 * the one of another object.
 */
export function clientIdFor(project: string, address: Address, count = 0): string {
  return v5(count === 0 ? `${project}/${address}` : `${project}/${address}#${count}`, NAMESPACE);
}

/** The natural name of an object; undefined when a part of it is missing. */
export function naturalName(kind: Kind, spec: JsonObject): string | undefined {
  const parts = kind.rules.naturalName.map((field) => spec[field]);
  return parts.every((part) => typeof part === 'string') ? JSON.stringify(parts) : undefined;
}

/** The live objects by natural name. Names may repeat, and do. */
export function groupByNaturalName(kind: Kind, live: readonly Live[]): Map<string, Live[]> {
  const groups = new Map<string, Live[]>();
  for (const object of live) {
    const name = naturalName(kind, object.spec);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [object]);
    else group.push(object);
  }
  return groups;
}
