import { formatPath } from '../../model/format-path.js';
import { isObject, type Json } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import { namesUrl } from '../../model/secret-names.js';
import { lookedUpHost } from '../../model/url.js';
import type { DocumentFinding } from '../yaml/findings.js';

/**
 * Hosts in URLs that are not written as they are looked up. A letter of another script can look as the one that it
 * imitates, so a reviewer is told the name to which the vendor's key goes.
 */
export function checkHosts(value: Json, tokens: readonly string[], name = ''): DocumentFinding[] {
  if (typeof value === 'string') {
    const host = namesUrl(name) ? lookedUpHost(value) : undefined;
    return host === undefined ? [] : [warningOf(host, tokens)];
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => checkHosts(item, [...tokens, String(i)], name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => checkHosts(member, [...tokens, key], key));
}

function warningOf(host: string, tokens: readonly string[]): DocumentFinding {
  const path = formatPointer(tokens);
  return {
    severity: 'warning',
    code: 'schema',
    summary: `the host in ${formatPath(path)} is ${host}, not the one that it may look like`,
    detail:
      'It is written with letters that are not ASCII. Write it as it is looked up, if it is the one you mean.',
    path,
  };
}
