import { type Exposed, replaceExposed } from '../../model/exposed-secrets.js';
import { formatPath } from '../../model/format-path.js';
import type { Json, JsonObject } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import type { Kind } from '../../model/vendor.js';
import type { DocumentFinding } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';
import { secretPlaces } from './secret-references.js';

/**
 * Secrets that a spec holds in the open, beside those in places that take a reference. In a field for URLs a key is an
 * error; in free-form data it may be a false alarm, so it is a warning. None of them is shown.
 */
export function checkExposedSecrets(spec: JsonObject, kind: Kind): DocumentFinding[] {
  const places = secretPlaces(kind);
  const remarks: DocumentFinding[] = [];
  for (const [field, value] of Object.entries(spec)) {
    // The name of a field that takes a reference proves nothing about the values beside the reference.
    const name = kind.rules.fields[field]?.secrets === undefined ? field : '';
    for (const exposed of exposedIn(name, value)) {
      const path = formatPointer([field, ...exposed.path]);
      // The schema has said that a reference belongs there.
      if (places.some((place) => path === place || path.startsWith(`${place}/`))) continue;
      remarks.push(remarkOn(exposed, `/spec${path}`, isCertain(exposed, field, kind), places));
    }
  }
  return remarks;
}

function exposedIn(name: string, value: Json): Exposed[] {
  const found: Exposed[] = [];
  replaceExposed(name, value, (exposed) => {
    found.push(exposed);
    return exposed.value;
  });
  return found;
}

/** A URL in a field of the vendor's own. */
function isCertain({ what, path }: Exposed, field: string, { rules }: Kind): boolean {
  if (what !== 'url') return false;
  const form = rules.fields[field]?.form;
  return path.length === 0 || form === 'url' || form === 'endpoints';
}

function remarkOn(
  { what }: Exposed,
  path: string,
  certain: boolean,
  places: readonly string[],
): DocumentFinding {
  const name = formatPath(path);
  const wayOut =
    places.length === 0
      ? 'Take it out of the file, and keep it where the vendor takes a secret.'
      : `Take it out of the file: a secret belongs in ${places.map((place) => formatPath(`/spec${place}`)).join(' or ')}, as a reference.`;
  const words: Message =
    what === 'url'
      ? { summary: `${name} holds a user name, a password or a key`, detail: `${wayOut} ${REPLACE}` }
      : {
          summary: `${name} looks like a secret in clear text`,
          detail: `${wayOut} ${REPLACE} Plans show it, as they show every text of a manifest, so that it is reviewed; the ledger does not. If it is no secret, another name for it ends this warning.`,
        };
  return {
    code: 'secret-literal',
    ...words,
    path,
    hide: true,
    ...(certain ? {} : { severity: 'warning' as const }),
  };
}

const REPLACE = 'If the file was ever shared, replace it at its issuer too.';
