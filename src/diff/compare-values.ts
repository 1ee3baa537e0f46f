import { assertNever } from '../model/assert-never.js';
import { canonicalJson, isEmpty, isObject, type Json, type JsonObject, sameJson } from '../model/json.js';
import { differingAspects, type TextAspect } from '../model/text-aspects.js';
import type { Form } from '../model/vendor.js';

/**
 * Tells if two values of a field mean the same. Additions that the vendor makes to the form (a default port, an order
 * of its own, empty members, an unrequested region) are not a difference.
 */
export function sameValue(
  form: Form | undefined,
  desired: Json | undefined,
  live: Json | undefined,
): boolean {
  // Nearly every field of nearly every plan is equal as it stands, which is much quicker to see.
  if (sameJson(desired, live)) return true;
  return canonicalText(form, desired, desired) === canonicalText(form, live, desired);
}

/** The aspects of a wanted value that a vendor rewrote, where it changed nothing else; else undefined. */
export function rewrittenAspects(
  form: Form | undefined,
  desired: Json | undefined,
  live: Json | undefined,
): readonly TextAspect[] | undefined {
  return differingAspects(desired, live, (wanted, there) => sameValue(form, wanted, there));
}

/** The text that `sameValue` compares; `desired` says which members of an endpoint count. */
export function canonicalText(
  form: Form | undefined,
  value: Json | undefined,
  desired: Json | undefined,
): string {
  return canonicalJson(canonical(form, value, desired));
}

function canonical(form: Form | undefined, value: Json | undefined, desired: Json | undefined): Json {
  if (value === undefined || isEmpty(value)) return null;
  switch (form) {
    case 'url':
      return typeof value === 'string' ? canonicalUrl(value) : value;
    case 'set':
      return Array.isArray(value) ? sortedSet(value) : value;
    case 'endpoints':
      return Array.isArray(value)
        ? sortedSet(value.map((item) => canonicalEndpoint(item, memberNames(desired))))
        : value;
    case 'options':
      return isObject(value) ? withoutEmpty(value) : value;
    case undefined:
      return value;
    default:
      return assertNever(form);
  }
}

/** Trailing slashes of the path dropped, scheme and host in lower case, the default port left out. */
export function canonicalUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.pathname = url.pathname.replace(/\/+$/, '');
  const href = url.href;
  return url.pathname === '/' && url.search === '' && url.hash === '' ? href.replace(/\/$/, '') : href;
}

function sortedSet(items: Json[]): Json[] {
  const byText = new Map(items.map((item) => [canonicalJson(item), item]));
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function canonicalEndpoint(item: Json, names: Set<string>): Json {
  if (!isObject(item)) return item;
  const kept = Object.entries(item).filter(([name, value]) => names.has(name) && !isEmpty(value));
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === 'url' && typeof value === 'string' ? canonicalUrl(value) : value,
    ]),
  );
}

function memberNames(desired: Json | undefined): Set<string> {
  const items = Array.isArray(desired) ? desired.filter(isObject) : [];
  return new Set(['url', ...items.flatMap((item) => Object.keys(item))]);
}

function withoutEmpty(value: JsonObject): Json {
  const kept = Object.entries(value).filter(([, member]) => !isEmpty(member));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
