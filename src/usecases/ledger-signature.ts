import { isSignedWith } from '../ledger/format.js';
import { isOwn, markAsOwn } from '../ledger/own-ledgers.js';
import { type Diagnostic, DiagnosticError, error, warning } from '../model/diagnostic.js';
import type { Ledger } from '../model/ledger.js';
import type { Secrets } from '../model/ports.js';
import type { Project, SecretReference } from '../model/project.js';
import { describeSecretSource } from '../model/secret-source.js';
import { describePlace } from './ledger-place.js';

/** A short key could be found by trying: those who can read the ledger have its text and its signature. */
const SHORTEST_KEY = 16;

/** The key that a ledger is signed with. Throws `DiagnosticError`. */
export async function resolveLedgerKey(
  reference: SecretReference,
  { file }: Pick<Project, 'file'>,
  secrets: Pick<Secrets, 'resolve'>,
): Promise<string> {
  const key = await secrets.resolve(reference);
  if (key.length >= SHORTEST_KEY) return key;
  throw new DiagnosticError(
    error('secret', `the key of the ledger is shorter than ${SHORTEST_KEY} characters`, {
      detail: `It comes from ${describeSecretSource(reference)}. Make a new one, for example with \`openssl rand -base64 32\`, and run \`llmform ledger migrate --sign\`.`,
      file,
    }),
  );
}

/**
 * What is wrong with the signature of a ledger; nothing where there is none yet. Without its key a ledger cannot be checked:
 * that is a warning for a plan, and an error for an apply.
 */
export async function findSignatureFault(
  ledger: Ledger | undefined,
  project: Project,
  use: 'plan' | 'apply',
  secrets: Pick<Secrets, 'resolve'>,
): Promise<Diagnostic[]> {
  const { ledgerKey, file } = project;
  const place = describePlace(project.ledger);
  const said = use === 'plan' ? warning : error;
  if (ledgerKey === undefined) {
    if (ledger?.signature === undefined) return [];
    return [
      said('ledger', `the ledger ${place} is signed, and the project file names no key for it`, {
        detail:
          'Apply never goes on without the key. Write `key` under `ledger` in the project file, or end the signing with `llmform ledger migrate --unsign`.',
        file,
      }),
    ];
  }
  const checked = ledger === undefined || isOwn(ledger);
  if (!checked && ledger.signature === undefined) return [unsigned(place, file)];
  try {
    const key = await resolveLedgerKey(ledgerKey, project, secrets);
    if (checked) return [];
    if (!isSignedWith(key, ledger)) return [foreign(place, file)];
    markAsOwn(ledger);
    return [];
  } catch (fault) {
    if (!(fault instanceof DiagnosticError)) throw fault;
    return fault.diagnostics.map(({ summary, detail = '' }) =>
      said('ledger', `the ledger ${place} cannot be checked: ${summary}`, {
        detail: `${detail} Without the key of the ledger, llmform only plans.`.trim(),
        file,
      }),
    );
  }
}

function unsigned(place: string, file: string): Diagnostic {
  return error('ledger', `the ledger ${place} is not signed, and the project file names a key for it`, {
    detail:
      'It may have been written by others. Compare it with `llmform ledger list` and `llmform ledger verify`, and sign it with `llmform ledger migrate --sign`.',
    file,
  });
}

function foreign(place: string, file: string): Diagnostic {
  return error('ledger', `the signature of the ledger ${place} is not made with this key`, {
    detail:
      'It was changed by others, or signed with another key. Restore it, or compare it with `llmform ledger list` and `llmform ledger verify`, and sign it anew with `llmform ledger migrate --sign`.',
    file,
  });
}
