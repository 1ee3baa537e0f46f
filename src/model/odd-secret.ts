import { type Details, type Diagnostic, warning } from './diagnostic.js';
import type { SecretReference } from './project.js';
import { describeSecretSource } from './secret-source.js';

/**
 * A warning about a secret that was hardly meant to be what it is: white space at an end, or a control character. Names the
 * source, never the value.
 */
export function warnAboutSecret(
  value: string,
  reference: SecretReference,
  details: Details = {},
): Diagnostic | undefined {
  const oddity = oddityOf(value);
  if (oddity === undefined) return undefined;
  return warning('secret', `${describeSecretSource(reference)} gives a secret that ${oddity}`, {
    detail: 'It is used as it is. Correct it at its source, unless it is meant to be so.',
    ...details,
  });
}

function oddityOf(value: string): string | undefined {
  if (value.trim() === '') return 'is white space alone';
  if (/^\s/.test(value)) return 'begins with white space';
  if (/\s$/.test(value)) return 'ends with white space';
  // Documents have lines: a private key, or the JSON of a service account.
  const text = /^(?:-----BEGIN |\{)/.test(value) ? value.replace(/[\t\r\n]/g, '') : value;
  return /\p{Cc}/u.test(text) ? 'holds a control character, such as a line break' : undefined;
}
