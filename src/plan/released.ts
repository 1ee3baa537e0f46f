import { decodeStored } from '../diff/ledger-codec.js';
import { findReleased } from '../diff/released.js';
import { isSensitive } from '../diff/sensitive.js';
import type { Json } from '../model/json.js';
import type { ReleasedField } from '../model/plan.js';
import { parsePointer } from '../model/pointer.js';
import type { Kind } from '../model/vendor.js';
import type { Binding } from './match/match.js';
import type { PlanInput } from './plan-input.js';
import { SENSITIVE } from './substitute.js';

/** The fields of one object that were applied and are no longer declared, by path. */
export function releasedFields(
  { manifest, live, entry }: Binding,
  kind: Kind,
  { baselines: { codec } }: PlanInput,
): ReleasedField[] {
  if (live === undefined || entry === undefined) return [];
  const released = findReleased({ entry, live: live.spec }, manifest.spec, kind.rules, codec);
  return Object.keys(released)
    .sort()
    .map((path): ReleasedField => {
      const [name = ''] = parsePointer(path);
      const rule = kind.rules.fields[name];
      const field = { address: manifest.address, path };
      if (isSensitive(rule)) return { ...field, applied: SENSITIVE, sensitive: true };
      if (rule?.writeOnly === true) return { ...field, applied: WRITE_ONLY };
      const before = decodeStored(entry.before?.[path]);
      // The object has what was applied, also where that was too long to be remembered.
      return { ...field, applied: live.spec[name] ?? null, ...(before !== undefined && { before }) };
    });
}

/** In place of a value that the vendor does not return. */
const WRITE_ONLY: Json = '(write-only)';
