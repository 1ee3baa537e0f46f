import { parseExact } from '../model/exact-json.js';
import { holdsExposed } from '../model/exposed-secrets.js';
import { canonicalJson, type Json } from '../model/json.js';

/** How one ledger remembers values. It lies below the ledger, because a diff compares with what is remembered. */
export interface LedgerCodec {
  /**
   * What the ledger keeps of a value: a short one itself, so that a conflict can show it. One that holds a secret in the
   * open is never kept itself.
   * @param name of the field, or the key of the map
   * @param text the value in canonical form; default: as JSON
   */
  value(name: string, value: Json | undefined, text?: string): string;
  /** Combines two stored values into one: the wanted value, and the live one in its place. */
  pair(wanted: string, there: string): string;
}

/** Longer values are remembered by their digest. */
const SHORT = 200;

/** @param digest salted, of a value that is not kept itself */
export function createLedgerCodec(digest: (value: Json) => string): LedgerCodec {
  const keep = (text: string) => (text.length <= SHORT ? `=${text}` : digest(text));
  return {
    value: (name, value, text = canonicalJson(value ?? null)) =>
      value !== undefined && holdsExposed(name, value) ? digest(text) : keep(text),
    pair: (wanted, there) => keep(canonicalJson([wanted, there])),
  };
}

/** The value that was kept; undefined where only a digest was. */
export function decodeStored(text: string | undefined): Json | undefined {
  return text?.startsWith('=') ? parseExact(text.slice(1)) : undefined;
}
