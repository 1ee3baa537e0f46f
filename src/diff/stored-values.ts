import { parseExact } from '../model/exact-json.js';
import { holdsExposed } from '../model/exposed-secrets.js';
import { canonicalJson, type Json } from '../model/json.js';

/** Salted digest of a value that is not kept itself. */
export type Digest = (value: Json) => string;

/** Longer values are remembered by their digest. */
const SHORT = 200;

/**
 * What the ledger keeps of a value: a short one itself, so that a conflict can show it. One that holds a secret in the open
 * is never kept itself.
 * @param name of the field, or the key of the map
 * @param text the value in canonical form
 */
export function toStoredValue(name: string, value: Json | undefined, text: string, digest: Digest): string {
  return value !== undefined && holdsExposed(name, value) ? digest(text) : kept(text, digest);
}

/** The same of a member of a map, which has no form of its own. */
export function toStoredMember(key: string, value: Json | undefined, digest: Digest): string {
  return toStoredValue(key, value, canonicalJson(value ?? null), digest);
}

/** What it keeps of two values that it keeps already: what was wanted, and what is there in its place. */
export function toStoredPair(wanted: string, there: string, digest: Digest): string {
  return kept(canonicalJson([wanted, there]), digest);
}

/** The value that was kept; undefined where only a digest was. */
export function fromStored(text: string | undefined): Json | undefined {
  return text?.startsWith('=') ? parseExact(text.slice(1)) : undefined;
}

function kept(text: string, digest: Digest): string {
  return text.length <= SHORT ? `=${text}` : digest(text);
}
