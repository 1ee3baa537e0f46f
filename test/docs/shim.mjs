// The `llmform` of the documentation's commands: answers the question of apply with yes, and ends a daemon once it works.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const args = process.argv.slice(2);
const [command] = args;
const daemon = (command === 'watch' && !args.includes('--once')) || command === 'emulate';
const approves = command === 'apply' && !args.some((arg) => ['-y', '--auto-approve'].includes(arg));
const listens = command === 'watch' && !args.includes('--listen');
// A fixed port may be taken on the machine of the test.
const port = command === 'emulate' ? args.indexOf('--port') : -1;
if (port !== -1) args.splice(port, 2);
const more = [...(approves ? ['--auto-approve'] : []), ...(listens ? ['--listen', '127.0.0.1:0'] : [])];

const child = spawn(process.execPath, [cli, ...args, ...more], { stdio: ['ignore', 'inherit', 'pipe'] });
child.stderr.on('data', (chunk) => {
  process.stderr.write(chunk);
  // The line of a run, or the last line that emulate prints at its start.
  if (daemon && /"reconcileId"|Ctrl-C/.test(String(chunk))) child.kill('SIGTERM');
});
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
