import { findVendor } from '../../model/find-kind.js';
import { quoteName } from '../../model/format-path.js';
import { isObject, type Json, type JsonObject } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import { didYouMean } from '../../model/suggest.js';
import { urlHoldsKey } from '../../model/url-keys.js';
import type { Vendor } from '../../model/vendor.js';
import type { Readable } from '../document/inside-project.js';
import { checkSecretFile } from '../document/secret-file.js';
import { addFinding, type DocumentPlace } from '../yaml/findings.js';
import type { Message } from '../yaml/value-messages.js';

/** Checks the targets of a project file beyond its schema, and as far as the schema finds nothing wrong. */
export function checkTargets(
  place: DocumentPlace,
  targets: JsonObject,
  vendors: readonly Vendor[],
  readable: Readable,
): void {
  for (const [name, target] of Object.entries(targets)) {
    if (!isObject(target)) continue;
    const path = formatPointer(['targets', name]);
    const vendor = requireVendor(place, `${path}/vendor`, target.vendor, vendors);
    if (target.baseUrl !== undefined) checkBaseUrl(place, `${path}/baseUrl`, target.baseUrl);
    else if (vendor !== undefined && vendor.baseUrl === undefined) {
      addFinding(place, {
        code: 'project',
        summary: `the target ${name} needs a baseUrl: ${vendor.title} has no host that is the same for everyone`,
        detail: 'Add "baseUrl: https://…" with the address of your own.',
        path: `${path}/baseUrl`,
        part: 'key',
      });
    }
    const file = isObject(target.auth) ? target.auth.fromFile : undefined;
    checkSecretFile(place, { path: `${path}/auth/fromFile`, file, what: 'credential file' }, readable);
  }
}

function requireVendor(
  place: DocumentPlace,
  path: string,
  id: Json | undefined,
  vendors: readonly Vendor[],
): Vendor | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  const ids = vendors.map((vendor) => vendor.id);
  const vendor = findVendor(vendors, id);
  if (vendor === undefined) {
    addFinding(place, {
      code: 'unknown',
      summary: `unknown vendor ${quoteName(id)}`,
      detail: `${didYouMean(id, ids)}Vendors: ${ids.join(', ')}.`,
      path,
    });
  }
  return vendor;
}

function checkBaseUrl(place: DocumentPlace, path: string, value: Json): void {
  // Anything else the schema has said already.
  if (typeof value !== 'string' || !/^https?:\/\//.test(value)) return;
  const words = baseUrlError(value);
  if (words !== undefined) addFinding(place, { code: 'project', ...words, path, hide: true });
}

function baseUrlError(value: string): Message | undefined {
  if (!URL.canParse(value))
    return {
      summary: 'baseUrl is not a URL',
      detail: 'Write it as https://host, with a port and path if needed.',
    };
  const url = new URL(value);
  if (url.username !== '' || url.password !== '' || urlHoldsKey(value)) {
    return {
      summary: 'baseUrl holds a user name, a password or a key',
      detail: 'Remove it: the credential belongs under auth.',
    };
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(value)) {
    return {
      summary: 'baseUrl holds a query or fragment',
      detail: 'Remove everything from the "?" or "#" on: llmform adds paths to this address.',
    };
  }
  return undefined;
}
