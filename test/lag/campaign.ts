import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../../src/emulator/index.js';
import type { JsonObject } from '../../src/model/json.js';
import { CASTS, type Cast } from '../support/cast.js';
import { type Chance, chanceFrom } from '../support/chance.js';
import { openSandbox, type Sandbox } from '../support/sandbox.js';
import { openEngine } from '../support/watch-engine.js';

/** What came of a run of commands against a vendor that lags. */
export interface LagRun {
  /** What was done, for whoever has to find out why. */
  story: string[];
  /** Objects of ours that are there twice. */
  doubled: number;
  /** What else did not hold. */
  faults: string[];
}

// A kill right after two deletes leaves a ledger of which everything is gone.
const APPLY = ['--prune', '--max-delete', '99', '--max-missing', '99'] as const;

/**
 * Declares one set of objects after the other and applies or watches it, on a vendor that shows creates, updates and
 * deletes up to eight seconds late, while answers are lost and processes are killed. All of it follows from the seed.
 */
export async function runWithLag(seed: number): Promise<LagRun> {
  const chance = chanceFrom(seed);
  const cast = chance.pick(Object.values(CASTS));
  const sandbox = await openSandbox({ targets: { [cast.vendor]: { vendor: cast.vendor } } });
  const { emulator } = sandbox;
  Object.assign(emulator.lag, { creates: lag(chance), updates: lag(chance), deletes: lag(chance) });
  const story = [`${cast.vendor}, lag ${JSON.stringify(emulator.lag)}`];
  const wanted = new Map<number, JsonObject>([[0, {}]]);

  for (let left = 3 + Math.floor(chance.next() * 3); left > 0; left -= 1) {
    story.push(move(wanted, cast, chance));
    declare(sandbox, cast, wanted);
    if (chance.next() < 0.2) sandbox.env.SECRET = `sk-HUSH/next+=&${left}`;
    story.push(await goOn(sandbox, chance));
    sandbox.clock.advance(Math.round(chance.next() * 12_000));
  }
  sandbox.clock.advance(60_000);
  const { code, err } = await sandbox.apply(...APPLY);
  const faults = code === 0 ? [] : [`the last apply ended with ${code}: ${err}`];
  return { story, ...(await check(sandbox, cast, wanted, faults)) };
}

/** From half a second to eight; in one case of five there is none. */
function lag(chance: Chance): number {
  return chance.next() < 0.2 ? 0 : Math.round(500 + chance.next() * 7_500);
}

/** Adds, changes and removes a few objects. */
function move(wanted: Map<number, JsonObject>, cast: Cast, chance: Chance): string {
  for (let i = 0; i < 6; i += 1) {
    const die = chance.next();
    const fields = chance.pick([{}, cast.updated, cast.replaced ?? cast.updated]);
    if (die < 0.4) wanted.set(i, fields);
    else if (die < 0.5 && wanted.size > 1) wanted.delete(i);
  }
  return `declared ${JSON.stringify([...wanted])}`;
}

function declare(sandbox: Sandbox, cast: Cast, wanted: ReadonlyMap<number, JsonObject>): void {
  sandbox.declare(...cast.common, ...[...wanted].map(([i, changes]) => cast.llm(i, changes)));
}

/** One apply, or a few runs of a watch, with trouble or without. */
async function goOn(sandbox: Sandbox, chance: Chance): Promise<string> {
  const { emulator } = sandbox;
  const trouble = chance.pick(['none', 'lost answer', 'kill'] as const);
  const number = 1 + Math.floor(chance.next() * 4);
  const revive = trouble === 'kill' ? killAfterWrite(number, sandbox) : () => undefined;
  if (trouble === 'lost answer') loseAnswer(emulator, chance);
  const watched = chance.next() < 0.3;
  if (watched) await watch(sandbox, chance);
  else await sandbox.apply(...APPLY);
  emulator.faults.length = 0;
  revive();
  return `${watched ? 'watch' : 'apply'}, ${trouble}${trouble === 'kill' ? ` after write ${number}` : ''}`;
}

async function watch(sandbox: Sandbox, chance: Chance): Promise<void> {
  const { folder: path, env, clock } = sandbox;
  const variables = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const engine = await openEngine(
    { path, env: variables },
    { context: { cwd: path, env: variables, clock } },
  );
  for (let runs = 1 + Math.floor(chance.next() * 3); runs > 0; runs -= 1) {
    await engine.run();
    clock.advance(2_000);
  }
  await engine.daemon.stop();
}

/** The vendor does what it was asked, and nobody hears of it. */
function loseAnswer({ faults }: Emulator, chance: Chance): void {
  faults.push({
    match: { method: chance.pick(['POST', 'POST', 'PUT', 'PATCH', 'DELETE']) },
    skip: Math.floor(chance.next() * 2),
    times: 1,
    effect: chance.pick([
      { type: 'status', status: 500, applied: true },
      { type: 'reset', when: 'after' },
      { type: 'empty' },
    ]),
  });
}

/**
 * What a kill leaves: a vendor that was sent so many writes and hears nothing more, and the ledger as it was on disk when the
 * last of them arrived. Returns what puts that ledger back once the run is over.
 */
function killAfterWrite(number: number, { emulator, folder, write }: Sandbox): () => void {
  const ledger = join(folder, '.llmform', 'ledger.json');
  let restore = (): void => undefined;
  let count = 0;
  const run = () => {
    count += 1;
    if (count !== number) return;
    const text = existsSync(ledger) ? readFileSync(ledger, 'utf8') : undefined;
    restore = () =>
      text === undefined ? rmSync(ledger, { force: true }) : write('.llmform/ledger.json', text);
    emulator.faults.unshift({ effect: { type: 'status', status: 403 } });
  };
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    emulator.faults.push({ match: { method }, effect: { type: 'meanwhile', run } });
  return () => restore();
}

/** What has to hold once everything is quiet and applied. */
async function check(
  sandbox: Sandbox,
  cast: Cast,
  wanted: ReadonlyMap<number, JsonObject>,
  faults: string[],
): Promise<Omit<LagRun, 'story'>> {
  const { emulator } = sandbox;
  const demand = (holds: boolean, fault: string) => void (holds || faults.push(fault));
  const expected = new Map([[cast.kind, wanted.size]]);
  if (cast.common.length > 0) expected.set('Secret', cast.common.length);
  let doubled = 0;
  for (const [kind, count] of expected) {
    const there = emulator.objects(kind);
    doubled += Math.max(0, there.length - count);
    demand(
      there.length === count,
      `${there.length} of ${kind} instead of ${count}: ${JSON.stringify(there)}`,
    );
  }
  for (const object of emulator.objects(cast.secret.kind)) {
    const hidden = emulator.secrets(cast.secret.kind, String(object.llmId ?? object.id));
    demand(cast.secret.read(hidden) === sandbox.env.SECRET, 'an object holds another secret than it should');
  }
  const { objects, intents } = sandbox.ledger();
  // What was never created and is declared no longer leaves its intent behind, in case it appears after all.
  const begun = Object.keys(intents).filter((address) => objects[address] !== undefined);
  demand(begun.length === 0, `the ledger still holds an intent of ${begun.join(', ')}`);
  for (const [address, { notPersisted }] of Object.entries(objects))
    demand(notPersisted === undefined, `${address} is remembered as not kept`);
  const { code, plan } = await sandbox.plan('--prune', '--detailed-exitcode');
  demand(code === 0, `the last plan is not empty: ${JSON.stringify(plan)}`);
  return { doubled, faults };
}
