// A process that holds the lock of a ledger, says so, and gives it back at the end of its input.
import { openFileLedger } from '../../src/ledger/index.js';

const [path = ''] = process.argv.slice(2);
const lock = await openFileLedger(path, 'ledger.json').lock();
process.stdout.write('held\n');
process.stdin.resume().on('end', () => void lock.release());
