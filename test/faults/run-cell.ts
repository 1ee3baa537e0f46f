import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TARGET } from '../contract/subject.js';
import { openSandbox, type Run, type Sandbox, writesTo } from '../support/sandbox.js';
import type { Cell } from './cells.js';
import { expected } from './expected.js';
import { type Bystanders, bystandersIn, doubled, lost, readings, secretsLeft } from './invariants.js';
import { type FaultProxy, openFaultProxy } from './proxy.js';
import { strike, wasStruck } from './strike.js';

/** Long enough for a busy machine, where nothing is to be late; short where something is. */
const PATIENCE = '30s';
const IMPATIENCE = '1s';

/** Where `plan -o` puts its plan; it is searched for secrets like everything else. */
const SAVED = 'saved.json';

/** Runs one cell from a clean beginning to a clean end. Returns whatever is not as it has to be. */
export async function runCell(cell: Cell): Promise<string[]> {
  const { subject, operation, fault } = cell;
  const proxy = fault.strike.by === 'network' ? await openFaultProxy() : undefined;
  const said: Run[] = [];
  try {
    const sandbox = await openSandbox({
      targets: {
        [TARGET]: {
          vendor: subject.vendor.id,
          // One request at a time, so that the same one is struck in every run.
          rest: { timeout: PATIENCE, concurrency: 1, ...(proxy && { baseUrl: proxy.url }) },
        },
      },
    });
    if (proxy) proxy.upstream = sandbox.emulator.url;
    // Patience ends after a few probes: each of them may have to wait in earnest for an answer that does not come.
    sandbox.clock.stretch = 30;
    const run = async (...argv: string[]): Promise<Run> => {
      const ended = await sandbox.run(...argv);
      said.push(ended);
      return ended;
    };

    const others = await setTheScene(cell, sandbox);
    const wrong: string[] = [];
    const demand = (holds: boolean, what: string) => void (holds || wrong.push(what));

    const struck = await runStruck(cell, sandbox, proxy, run);
    const { exit, told } = expected(cell);
    demand(struck.code === exit, `exit ${struck.code} instead of ${exit}: ${struck.out}${struck.err}`);
    wrong.push(...readings(cell, struck, told));
    if (exit === 1 || exit === 4) {
      demand(writesTo(sandbox.emulator).length === 0, 'something was written all the same');
    }
    demand(wasStruck(cell, sandbox, proxy), 'nothing went wrong: the fault never came about');
    wrong.push(...doubled(cell, sandbox));

    sandbox.emulator.faults.length = 0;
    await proxy?.mend();
    setTimeoutTo(sandbox, PATIENCE);
    const clean = await run('apply', '-y', '--prune', '--max-delete', '9');
    demand(clean.code === 0, `the clean apply ended with ${clean.code}: ${clean.out}${clean.err}`);
    const second = await run('plan', '--prune', '--detailed-exitcode');
    demand(second.code === 0, `the second plan is not empty: ${second.out}${second.err}`);
    wrong.push(...doubled(cell, sandbox), ...lost(cell, sandbox, others));
    wrong.push(...secretsLeft(sandbox, said));
    return wrong.map((what) => `${operation.name} x ${fault.name}: ${what}`);
  } finally {
    await proxy?.close();
  }
}

/** Applies what is there before, beside somebody else's objects; returns those. */
async function setTheScene({ subject, operation, fault }: Cell, sandbox: Sandbox): Promise<Bystanders> {
  sandbox.declare(...subject.needed, ...operation.before(subject));
  const { code, out, err } = await sandbox.run('apply', '-y');
  if (code !== 0) throw new Error(`the first apply ended with ${code}: ${out}${err}`);
  // Enough of them for a second page, where a page is to go wrong.
  const count = fault.pages ? (subject.fixture.pageSize ?? 0) + 1 : 1;
  for (let i = 0; i < count; i += 1) {
    sandbox.emulator.put(subject.kind.name, subject.foreign(subject.fixture.numbered(100 + i)));
  }
  sandbox.declare(...subject.needed, ...operation.after(subject));
  sandbox.emulator.requests.length = 0;
  return bystandersIn(subject, sandbox);
}

type RunCommand = (...argv: string[]) => Promise<Run>;

/** The run that something goes wrong in. */
async function runStruck(
  cell: Cell,
  sandbox: Sandbox,
  proxy: FaultProxy | undefined,
  run: RunCommand,
): Promise<Run> {
  const { operation, fault } = cell;
  const flags = ['--max-delete', '1'];
  if (fault.late) setTimeoutTo(sandbox, IMPATIENCE);
  if (operation.name !== 'list') {
    sandbox.confirm = async () => {
      strike(cell, sandbox, proxy);
      return true;
    };
    return run('apply', '--prune', ...flags);
  }
  // What is struck here is planning itself: the plan that is saved, and the one that apply makes.
  if (fault.strike.by === 'somebody') {
    await run('plan', '--prune', '-o', SAVED);
    strike(cell, sandbox, proxy);
    return run('apply', '-y', SAVED, ...flags);
  }
  strike(cell, sandbox, proxy);
  const planned = await run('plan', '--prune', '-o', SAVED);
  const { exit } = expected(cell);
  if (planned.code !== exit) return planned;
  strike(cell, sandbox, proxy);
  return run('apply', '-y', '--prune', ...flags);
}

function setTimeoutTo(sandbox: Sandbox, timeout: string): void {
  const file = JSON.parse(readFileSync(join(sandbox.folder, 'llmform.yaml'), 'utf8'));
  file.targets[TARGET].timeout = timeout;
  sandbox.write('llmform.yaml', JSON.stringify(file));
}
