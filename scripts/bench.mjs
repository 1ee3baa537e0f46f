#!/usr/bin/env node
// Measures what matters to users: how many requests, how long, how much memory, how fast it starts. Quote the ratios:
// seconds are this machine's, and what else it is doing moves them. Needs a build; talks to loopback only.
//   node scripts/bench.mjs [--cli dist/cli.js] [requests] [plan] [create] [start] [memory]
import { rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchCreate } from './bench/create.mjs';
import { benchMemory } from './bench/memory.mjs';
import { benchPlan } from './bench/plan.mjs';
import { benchRequests } from './bench/requests.mjs';
import { openStage } from './bench/stage.mjs';
import { benchStart } from './bench/start.mjs';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const parts = {
  requests: benchRequests,
  plan: benchPlan,
  create: benchCreate,
  start: benchStart,
  memory: benchMemory,
};

const { values, positionals } = parseArgs({
  options: { cli: { type: 'string', default: join(root, 'dist', 'cli.js') } },
  allowPositionals: true,
});
const wanted = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));

if (unknown.length > 0) {
  fail(`no part is called ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
} else if (await missing(resolve(values.cli))) {
  fail(`${values.cli} is missing: run "npm run build" first`);
} else {
  await bench(resolve(values.cli));
}

async function bench(cli) {
  const { model = 'unknown processor', length } = { ...cpus()[0], length: cpus().length };
  console.log(`Node ${process.version}, ${length} x ${model.trim()}, loopback only`);
  const stage = await openStage(cli);
  // An interrupted bench cleans up after itself as well.
  process.once('SIGINT', () => {
    rmSync(stage.temporary, { recursive: true, force: true });
    process.exit(130);
  });
  try {
    for (const name of wanted) await parts[name](stage);
  } finally {
    await stage.close();
  }
}

async function missing(path) {
  return access(path).then(
    () => false,
    () => true,
  );
}

function fail(message) {
  console.error(`bench: ${message}`);
  process.exitCode = 1;
}
