// A process that tries to lock a ledger, says how that went, and does as it is told until it is killed.
import { openFileLedger } from '../../src/ledger/index.js';
import { DiagnosticError } from '../../src/model/diagnostic.js';
import { ledgerOf } from './ledger.js';

const [path = ''] = process.argv.slice(2);
const say = (message: object) => process.send?.(message);

async function attempt(): Promise<void> {
  try {
    const lock = await openFileLedger(path, 'ledger.json').lock();
    process.on('message', async (order) => {
      if (order === 'release') {
        await lock.release();
        say({ released: true });
      }
      if (order === 'exit') process.exit(0);
      if (order !== 'save') return;
      for (let round = 0; ; round += 1) {
        const known = Array.from({ length: 5000 }, (_, n) => `id-${round}-${n}`);
        const intents = { 'a/LLM/b': { vendor: 'anam', known } };
        await lock.save(ledgerOf({ intents }));
        if (round === 2) say({ saving: true });
      }
    });
    say({ got: true });
  } catch (error) {
    const detail = error instanceof DiagnosticError ? error.diagnostics[0]?.detail : String(error);
    say({ got: false, detail });
  }
}

process.once('message', () => attempt());
say({ ready: true });
