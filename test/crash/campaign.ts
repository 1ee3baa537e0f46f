import { type Chance, chanceFrom } from '../support/chance.js';
import { type Bystanders, broken, bystandersOf, CLEAN } from './invariants.js';
import { type Moment, READS, runAndKill, WRITES } from './kill.js';
import type { Program } from './program.js';
import { type CrashProject, openCrashProject } from './project.js';
import { type Scenario, setTheScene } from './scenarios.js';

export interface Totals {
  /** Processes that died of it. */
  kills: number;
  /** Of these, while a write was sent and not answered. */
  inFlight: number;
  /** Runs in which a second one was killed before one was left alone. */
  twice: number;
  scenarios: Set<string>;
  /** What did not hold, with the seed that shows it again. */
  faults: string[];
}

/** Kills until so many processes have died, scenario after scenario, a few at a time. */
export async function killMany(
  program: Program,
  scenarios: readonly Scenario[],
  { seed, kills, atOnce }: { seed: number; kills: number; atOnce: number },
): Promise<Totals> {
  const totals: Totals = { kills: 0, inFlight: 0, twice: 0, scenarios: new Set(), faults: [] };
  let round = 0;
  const worker = async () => {
    while (totals.kills < kills && round < kills * 3) {
      const number = round;
      round += 1;
      const scenario = scenarios[number % scenarios.length];
      if (scenario === undefined) return;
      // Each round has chances of its own: which worker gets it, and when, changes nothing.
      await oneRound(program, scenario, chanceFrom(seed + number * 7919), totals, `round ${number}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return totals;
}

async function oneRound(
  program: Program,
  scenario: Scenario,
  chance: Chance,
  totals: Totals,
  label: string,
): Promise<void> {
  const vendors = scenario.casts.map(({ vendor }) => vendor);
  const project = await openCrashProject(program, { vendors, options: scenario.options });
  const story: string[] = [];
  try {
    await setTheScene(scenario, project);
    const bystanders: Bystanders = bystandersOf(scenario, project);
    const argv = [...CLEAN, ...scenario.flags];
    let deaths = 0;
    for (const again of [1, 0.5, 0.3]) {
      if (chance.next() >= again) break;
      const moment = await someMoment(project, scenario, chance);
      const { killed, inFlight } = await runAndKill(project, argv, moment);
      story.push(`${killed ? 'killed' : 'not killed'} ${JSON.stringify(moment)}`);
      if (!killed) break;
      deaths += 1;
      totals.kills += 1;
      if (inFlight) totals.inFlight += 1;
    }
    if (deaths > 0) totals.scenarios.add(scenario.name);
    if (deaths > 1) totals.twice += 1;
    const clean = await project.run(argv);
    const faults = await broken(scenario, project, bystanders, clean);
    totals.faults.push(...faults.map((fault) => `${label}, ${scenario.name}, ${story.join(', ')}: ${fault}`));
  } finally {
    await project.close();
  }
}

/** How long a run takes about: from here on, and not from a clock, so that a seed means the same everywhere. */
const LONGEST_MS = 450;

async function someMoment(project: CrashProject, scenario: Scenario, chance: Chance): Promise<Moment> {
  const kind = chance.next();
  const share = chance.next();
  const when = chance.next() < 0.35 ? 'before' : 'after';
  if (kind < 0.15) return { at: 'time', ms: Math.round(share * LONGEST_MS) };
  const { out } = await project.runHere(['plan', '--format', 'json', '--prune', ...scenario.flags]);
  const { requests } = JSON.parse(out) as { requests: { read: number; write: number } };
  // Each write is preceded by a read, and the last one is followed by some more.
  const reads = 2 * requests.read + requests.write;
  if (kind < 0.3) return { at: 'request', n: 1 + Math.floor(share * reads), when, methods: READS };
  return { at: 'request', n: 1 + Math.floor(share * requests.write), when, methods: WRITES };
}
