import { findKind } from '../../model/find-kind.js';
import { isObject, type Json } from '../../model/json.js';
import type { Manifest } from '../../model/manifest.js';
import { formatPointer, parsePointer, valueAt } from '../../model/pointer.js';
import type { SecretReference } from '../../model/project.js';
import type { Kind, Vendor } from '../../model/vendor.js';

/** The secret references of a manifest; `pointer` is a JSON Pointer into its `spec`. */
export function findSecretReferences(
  manifest: Manifest,
  vendors: readonly Vendor[],
): { pointer: string; reference: SecretReference }[] {
  const kind = findKind(vendors, manifest);
  const found: { pointer: string; reference: SecretReference }[] = [];
  for (const { pointer, tokens } of kind === undefined ? [] : placesOf(kind)) {
    const reference = valueAt(manifest.spec, tokens);
    if (isSecretReference(reference)) found.push({ pointer, reference });
  }
  return found;
}

/** JSON Pointers into `spec` of every place where this kind takes a secret. */
export function secretPlaces(kind: Kind): readonly string[] {
  return placesOf(kind).map(({ pointer }) => pointer);
}

interface SecretPlace {
  pointer: string;
  tokens: readonly string[];
}

function placesOf(kind: Kind): readonly SecretPlace[] {
  const known = places.get(kind);
  if (known !== undefined) return known;
  const found = Object.entries(kind.rules.fields).flatMap(([field, rule]) =>
    (rule.secrets ?? []).map((within) => {
      const pointer = formatPointer([field]) + within;
      return { pointer, tokens: parsePointer(pointer) };
    }),
  );
  places.set(kind, found);
  return found;
}

/** A kind is asked once for each of its manifests, and always says the same. */
const places = new WeakMap<Kind, readonly SecretPlace[]>();

function isSecretReference(value: Json | undefined): value is Json & SecretReference {
  if (!isObject(value)) return false;
  return 'fromEnv' in value || 'fromFile' in value || 'fromCommand' in value;
}
