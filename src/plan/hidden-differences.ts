import { type Diagnostic, warning } from '../model/diagnostic.js';
import { stringifyExact } from '../model/exact-json.js';
import { hideExposed } from '../model/exposed-secrets.js';
import type { Json, JsonObject } from '../model/json.js';
import { mapText } from '../model/map-text.js';
import { parsePointer, valueAt } from '../model/pointer.js';
import type { FieldRule } from '../model/vendor.js';
import type { Step, Unchanged } from './step.js';

/**
 * A value that the vendor is known not to keep is no change, and only the ledger knows it. Where talk or keys go is too
 * much to believe that of: such a difference is always said, with both values.
 */
export function hiddenDifferenceWarnings(
  planned: Step | Unchanged,
  desired: JsonObject,
  mask: ((text: string) => string) | undefined,
): Diagnostic[] {
  const { manifest, live } = planned;
  if (manifest === undefined || live === undefined || !('notPersisted' in planned)) return [];
  const { rules } = planned.kind;
  return planned.notPersisted.flatMap((path) => {
    const tokens = parsePointer(path);
    const [wanted, there] = [valueAt(desired, tokens), valueAt(live.spec, tokens)];
    if (!isSecurityRelevant(rules.fields[tokens[0] ?? ''], [wanted, there])) return [];
    const name = tokens.at(-1) ?? '';
    const own = valueAt(manifest.spec, tokens);
    const now = mapText(hideExposed(name, there ?? null, own), mask ?? ((text) => text)) as Json;
    return [
      warning(
        'not-persisted',
        `${path} of ${manifest.address} is not what the manifest says, and the ledger says that ${manifest.vendor} does not keep it`,
        {
          detail: `The manifest says ${shorten(hideExposed(name, wanted ?? null, own))}; ${manifest.vendor} has ${shorten(now)}. Nothing is sent. If that is not what you expect, take ${path} out of this object's notPersisted in the ledger: it is sent again then.`,
          ...manifest.source,
          address: manifest.address,
        },
      ),
    ];
  });
}

/** Fields that say where something goes, and what with: URLs, secrets, ids of other objects. */
function isSecurityRelevant(rule: FieldRule | undefined, values: readonly (Json | undefined)[]): boolean {
  return (
    rule?.form === 'url' ||
    rule?.form === 'endpoints' ||
    rule?.refersTo !== undefined ||
    rule?.secrets !== undefined ||
    rule?.security === true ||
    values.some((value) => value !== undefined && stringifyExact(value).includes('://'))
  );
}

const LONGEST = 200;

function shorten(value: Json): string {
  const text = stringifyExact(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
