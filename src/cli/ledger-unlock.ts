import { error } from '../model/diagnostic.js';
import { createRefusal } from '../model/exit-error.js';
import type { Terminal } from '../platform/process/terminal.js';
import { unlockJson } from '../report/index.js';
import { findLedgerLock } from '../usecases/ledger-lock.js';
import { describeLedgerPlace } from '../usecases/ledger-place.js';
import { loadAllowedProject } from '../usecases/load-workspace.js';
import { requireLedgerConsent } from './ledger-consent.js';
import type { UnlockFlags } from './ledger-flags.js';
import { EXIT } from './output.js';

/** `llmform ledger unlock`: removes a lock whose holder is gone. */
export async function runLedgerUnlock(flags: UnlockFlags, terminal: Terminal): Promise<number> {
  const { project } = await loadAllowedProject(flags, terminal);
  const place = describeLedgerPlace(project);
  const found = await findLedgerLock(project, terminal.env);
  let removed = false;
  if (found?.alive) {
    throw createRefusal(
      error('ledger', `the lock on the ledger ${place} is held by a process that runs`, {
        detail: `${found.holder} Wait for it, or end it first.`,
        file: project.file,
      }),
    );
  }
  if (found !== undefined) {
    const lines = [
      `The ledger ${place} is locked. ${found.holder}`,
      'If that run still writes, two applies at once make objects twice.',
    ];
    await requireLedgerConsent(lines, flags, terminal);
    removed = await found.remove();
  }
  if (flags.format === 'json') terminal.out(unlockJson({ place, holder: found?.holder, removed }));
  else terminal.out(`${sentence(place, found !== undefined, removed)}\n`);
  return EXIT.done;
}

function sentence(place: string, found: boolean, removed: boolean): string {
  if (!found) return `The ledger ${place} is not locked.`;
  return removed
    ? `The lock on the ledger ${place} is removed.`
    : `The lock on the ledger ${place} was given back in the meantime.`;
}
