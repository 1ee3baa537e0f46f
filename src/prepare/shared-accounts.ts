import { canonicalUrl } from '../diff/compare-values.js';
import type { DesiredState } from '../model/desired-state.js';
import { type Diagnostic, warning } from '../model/diagnostic.js';
import type { EnginePorts, Reader } from '../model/ports.js';
import type { Observation } from './observe.js';

/**
 * Warnings of targets that are one account, as far as their credentials tell: two keys of one account do not. The credentials
 * are compared by digest, and leave nothing behind.
 */
export async function findSharedAccounts(
  { project, targets, ledger }: DesiredState,
  { readers }: Observation<Reader>,
  { secrets, digests }: EnginePorts,
): Promise<Diagnostic[]> {
  const { plain } = digests(ledger.salt);
  const accounts = new Map<string, string[]>();
  for (const { name, vendor, baseUrl, auth } of targets) {
    if (!readers.has(name)) continue;
    const account = plain([vendor, canonicalUrl(baseUrl), await secrets.resolve(auth)]);
    accounts.set(account, [...(accounts.get(account) ?? []), name]);
  }
  return [...accounts.values()]
    .filter((names) => names.length > 1)
    .map((names) =>
      warning(
        'project',
        `the targets ${names.join(' and ')} are one account: vendor, address and credential are the same`,
        {
          detail:
            'Each of them manages objects of its own there, so what is declared for both is there twice. Keep one target, or give the other one the credential of its account.',
          file: project.file,
        },
      ),
    );
}
