import { error } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Terminal } from '../platform/process/terminal.js';
import type { UnlockFlags } from './ledger-flags.js';

/** Says what is about to happen to the ledger, and asks. Throws `ExitError` with code 4 where it is not approved. */
export async function requireLedgerConsent(
  lines: readonly string[],
  { autoApprove }: UnlockFlags,
  terminal: Terminal,
): Promise<void> {
  terminal.err(lines.map((line) => `${line}\n`).join(''));
  if (autoApprove) return;
  if (terminal.confirm === undefined) {
    throw createRefusal(
      error('usage', 'cannot ask for approval: not a terminal', {
        detail: 'Run this command on a terminal, or approve it beforehand with --auto-approve.',
      }),
    );
  }
  if (await terminal.confirm('Go on? Only "yes" will do: ')) return;
  throw createRefusal(error('usage', 'it was not approved, and nothing was changed'));
}
