import { formatPath } from '../../model/format-path.js';
import type { Json } from '../../model/json.js';
import { formatPointer } from '../../model/pointer.js';
import { namesUrl } from '../../model/secret-names.js';
import { lookedUpHost } from '../../model/url.js';
import type { DocumentFinding } from '../yaml/findings.js';

/**
 * Hosts in URLs that are not written as they are looked up. A letter of another script can look as the one that it
 * imitates, so a reviewer is told the name to which the vendor's key goes.
 */
export function checkHosts(value: Json, tokens: readonly string[]): DocumentFinding[] {
  const found: DocumentFinding[] = [];
  checkHostsIn(value, [...tokens], '', found);
  return found;
}

/** `tokens` are back as they were when this returns. */
function checkHostsIn(value: Json, tokens: string[], name: string, found: DocumentFinding[]): void {
  if (typeof value === 'string') {
    const host = namesUrl(name) ? lookedUpHost(value) : undefined;
    if (host !== undefined) found.push(warningOf(host, tokens));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    tokens.push(key);
    checkHostsIn(member, tokens, isList ? name : key, found);
    tokens.pop();
  }
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
