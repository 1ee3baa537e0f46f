// A process that tries to lock a git ledger, says how that went, and does as it is told until it is killed.

import { openGitLedger } from '../../src/ledger/index.js';
import { DiagnosticError } from '../../src/model/diagnostic.js';
import type { Ledger } from '../../src/model/ledger.js';
import { openGit } from '../../src/platform/git/git.js';
import { ledgerOf } from './ledger.js';

const [folder = '', path = ''] = process.argv.slice(2);
const say = (message: object) => process.send?.(message);
const store = openGitLedger(
  openGit(folder, process.env),
  { ref: 'refs/llmform/ledger', remote: 'origin', path },
  process.env,
);

function ledgerIn(round: number): Ledger {
  const known = Array.from({ length: 2000 }, (_, n) => `id-${round}-${n}`);
  const intents = { 'a/LLM/b': { vendor: 'anam', known } };
  return ledgerOf({ project: 'shop', intents });
}

async function attempt(): Promise<void> {
  try {
    const lock = await store.lock();
    process.on('message', async (order) => {
      if (order === 'release') say({ left: await lock.release('llmform apply: done') });
      if (order === 'save once') {
        await lock.save(ledgerIn(0));
        say({ saved: true });
      }
      if (order !== 'save') return;
      for (let round = 0; ; round += 1) {
        await lock.save(ledgerIn(round));
        if (round === 2) say({ saving: true });
      }
    });
    say({ got: true });
  } catch (error) {
    const first = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
    say({ got: false, summary: first?.summary ?? String(error) });
  }
}

process.once('message', () => attempt());
say({ ready: true });
