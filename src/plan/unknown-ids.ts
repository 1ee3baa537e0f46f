import type { JsonObject } from '../model/json.js';
import type { FieldChange } from '../model/plan.js';
import type { Kind } from '../model/vendor.js';
import { isReference, KNOWN_AFTER_APPLY, referringFields } from './substitute.js';

/** The references, by field, that have only a placeholder for the other object's id so far. */
export function unknownFields(spec: JsonObject, resolved: JsonObject, { rules }: Kind): Map<string, string> {
  const unknown = new Map<string, string>();
  for (const field of referringFields(rules)) {
    const value = spec[field];
    if (isReference(value) && resolved[field] === KNOWN_AFTER_APPLY) unknown.set(field, value.ref);
  }
  return unknown;
}

/** The member of a field change that names the object whose id is not known yet. */
export function afterUnknown(reference: string | undefined): Pick<FieldChange, 'afterUnknown'> {
  return reference === undefined ? {} : { afterUnknown: reference };
}
