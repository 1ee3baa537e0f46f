import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** Runs a node program to its end. Wall and CPU in milliseconds, peak memory in MiB. Throws when it fails. */
export async function measured(args, { cwd, env, temporary }) {
  const file = join(temporary, 'usage.json');
  const ran = await run(process.execPath, ['--require', USAGE, ...args], {
    cwd,
    env: { ...env, BENCH_USAGE_FILE: file },
  });
  return { ...ran, ...JSON.parse(await readFile(file, 'utf8')) };
}

/** Runs a program to its end with nothing added to it. */
export function run(program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const wall = Number(process.hrtime.bigint() - started) / 1e6;
      if (code === 0) return resolve({ wall, out: String(Buffer.concat(out)) });
      reject(
        new Error(`${program} ${args.join(' ')} ended with ${code}:\n${Buffer.concat([...err, ...out])}`),
      );
    });
  });
}

/** Runs several things in turn, so that a busy spell of the machine hits all of them; the median of each. */
export async function inTurn(rounds, contestants) {
  const results = contestants.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, contestant] of contestants.entries()) {
      const result = await contestant();
      // The first round warms up the disk's cache and the emulator.
      if (round > 0) results[i].push(result);
    }
  }
  return results.map((list) => ({
    wall: median(list.map(({ wall }) => wall)),
    cpu: median(list.map(({ cpu }) => cpu)),
    peak: median(list.map(({ peak }) => peak)),
  }));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
