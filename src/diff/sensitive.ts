import { isObject, type Json } from '../model/json.js';
import type { FieldChange } from '../model/plan.js';
import { parsePointer, valueAt } from '../model/pointer.js';
import type { SecretReference } from '../model/project.js';
import type { FieldRule } from '../model/vendor.js';

/** Tells whether a plan must not show a field's value. */
export function isSensitive(rule: FieldRule | undefined): boolean {
  return (rule?.secrets ?? []).length > 0;
}

/**
 * The members of a field change that show where a secret comes from, and not the secret; undefined for a field that may be
 * shown.
 */
export function sensitiveMembers(
  rule: FieldRule | undefined,
  value: Json | undefined,
): Pick<FieldChange, 'sensitive' | 'from'> | undefined {
  if (!isSensitive(rule)) return undefined;
  const from = secretReferences(rule, value);
  return { sensitive: true, ...(from.length > 0 && { from }) };
}

/** The secret references in a field's value, in the order of its rule. */
export function secretReferences(rule: FieldRule | undefined, value: Json | undefined): SecretReference[] {
  return (rule?.secrets ?? []).map((pointer) => valueAt(value, parsePointer(pointer))).filter(isSecret);
}

function isSecret(value: Json | undefined): value is Json & SecretReference {
  return isObject(value) && ('fromEnv' in value || 'fromFile' in value || 'fromCommand' in value);
}
