import type { Calendar } from '../io/clock.js';
import type { Log } from '../io/log.js';
import type { Address } from '../model/address.js';
import { blockedText } from '../model/blocked.js';
import type { Approvals } from './approvals.js';
import type { Fights } from './fights.js';
import type { InForce, Loading } from './in-force.js';
import { logRun } from './journal.js';
import type { Trigger } from './model.js';
import type { Observer } from './observer.js';
import { openQueue } from './queue.js';
import { limitRun, type RunLimit } from './run-limit.js';
import { type Board, statusAfter } from './state.js';
import type { Suspensions } from './suspensions.js';
import { openTimers } from './timers.js';
import { firstWaitMs, waitAfter } from './timing.js';
import { type Turn, takeTurn, untilWindowMs } from './turn.js';

export interface RoundsParts {
  inForce(): InForce;
  loading: Loading;
  board: Board;
  fights: Fights;
  approvals: Approvals;
  suspensions: Suspensions;
  observer: Required<Observer>;
  log: Log;
  clock: Calendar;
  random: () => number;
  /** Called whenever an interval has passed. */
  onInterval(): void;
  /** Hears of every run at its end. */
  onTurn?: ((name: string, turn: Turn) => void) | undefined;
}

/** The runs of all targets: when they are due, one at a time for each target, and what is noted of them. */
export interface Rounds {
  /** Asks for a run of a target; of none that is suspended or not there. */
  ask(name: string, trigger: Trigger): void;
  /** Sets the timer of every target that has none and was never run; from now on each run sets the next. */
  start(): void;
  /** Brings a target in line with what suspends it or no longer does. */
  review(name: string): void;
  /** The project changed: what failed may work now. */
  forgive(name: string): void;
  /** No run is over three times its limit. */
  onTime(): boolean;
  close(): Promise<void>;
}

export function openRounds(parts: RoundsParts): Rounds {
  const { inForce, board, fights, approvals, suspensions, observer, log, clock, random } = parts;
  const timers = openTimers(clock);
  const running = new Map<string, { limit: RunLimit; since: number; limitMs: number }>();
  const failures = new Map<string, number>();
  let resident = false;
  let closed = false;

  const queue = openQueue<Trigger>(work, (name) => {
    board.patch(name, { queued: queue.isWaiting(name) });
    board.setQueueDepth(queue.depth());
  });

  async function work(name: string, trigger: Trigger): Promise<void> {
    const now = inForce();
    if (board.target(name) === undefined || suspended(name)) return rest(name);
    timers.cancel(name);
    board.patch(name, { running: true, nextRunAt: undefined });
    const { runLimitMs: limitMs } = now.settings;
    const limit = limitRun(limitMs, clock);
    running.set(name, { limit, since: clock.now(), limitMs });
    const turn = await takeTurn(name, trigger, limit, now, { ...parts, onAnswer: observer.onAnswer });
    limit.end();
    running.delete(name);
    note(name, turn);
  }

  function fightOver(address: Address): string[] {
    const fight = fights.reason(address, clock.now());
    return fight === undefined ? [] : [blockedText(fight)];
  }

  /** Remembers what came of a run, sets the time of the next, and says so. */
  function note(name: string, turn: Turn): void {
    const { record, findings } = turn;
    const { held, diagnostics, plan, healed } = findings;
    for (const address of fights.note(healed, clock.now())) {
      const [message = ''] = fightOver(address);
      log.error('this object is not healed any more for an hour', {
        target: name,
        err: { code: 'fight', message },
      });
    }
    // A run that failed before it could use an approval leaves it to the next one.
    const decided = plan !== undefined && (findings.used !== undefined || findings.error === undefined);
    const dropped = decided ? approvals.settle(name, findings.used) : undefined;
    if (dropped !== undefined) log.warn('the approved plan is not the plan any more', { target: name });
    const status = statusAfter(record);
    board.addRun(name, record);
    board.patch(
      name,
      {
        running: false,
        held: [...held, ...healed.flatMap(({ address }) => fightOver(address))],
        diagnostics,
        ...(plan && { plan }),
        ...(suspended(name) ? {} : { status }),
        ...(status !== 'failing' && { lastSuccessAt: clock.date() }),
      },
      clock.date(),
    );
    logRun(log, name, turn, scheduleAfter(name, turn));
    const target = board.target(name);
    if (target !== undefined && findings.error?.code !== 'interrupted') observer.onRun(target, record);
    parts.onTurn?.(name, turn);
  }

  function scheduleAfter(name: string, { record, findings }: Turn): number | undefined {
    const { result, applied } = record;
    // A run that got something done before it failed is not one more failure in a row.
    const before = applied > 0 ? 0 : (failures.get(name) ?? 0);
    failures.set(name, result === 'error' ? before + 1 : 0);
    const settings = inForce().settings.targets[name];
    if (!resident || closed || settings === undefined) return undefined;
    if (suspended(name)) {
      rest(name);
      return undefined;
    }
    const wait = waitAfter(result, failures.get(name) ?? 0, settings.intervalMs, random());
    const opens = findings.held.length > 0 ? untilWindowMs(settings.windows, clock.date()) : undefined;
    const ms = Math.min(wait, opens ?? wait);
    schedule(name, ms, result === 'error' ? 'retry' : 'interval');
    return ms;
  }

  function schedule(name: string, ms: number, trigger: Trigger): void {
    board.patch(name, { nextRunAt: clock.date() + ms });
    timers.set(name, ms, () => {
      if (trigger === 'interval') parts.onInterval();
      queue.add(name, trigger);
    });
  }

  /** A suspended target is looked at now and then all the same: word of its resumption may get lost. */
  function rest(name: string): void {
    const settings = inForce().settings.targets[name];
    timers.cancel(name);
    if (!resident || closed || settings === undefined) return;
    timers.set(name, Math.min(settings.intervalMs, LONGEST_REST_MS), () => review(name));
  }

  function review(name: string): void {
    const before = board.target(name)?.suspendedBy;
    if (board.target(name) === undefined || suspended(name)) {
      rest(name);
      running.get(name)?.limit.interrupt('the target was suspended, or taken out of the project');
    } else if (before !== undefined) queue.add(name, 'resume');
  }

  function suspended(name: string): boolean {
    const byProject = inForce().settings.targets[name]?.suspend === true;
    const suspendedBy = byProject ? 'project' : suspensions.has(name) ? 'command' : undefined;
    if (suspendedBy !== board.target(name)?.suspendedBy) {
      const status = suspendedBy === undefined ? 'pending' : 'suspended';
      board.patch(name, { status, suspendedBy, nextRunAt: undefined }, clock.date());
      log.info(`the target is ${suspendedBy === undefined ? 'resumed' : 'suspended'}`, { target: name });
    }
    return suspendedBy !== undefined;
  }

  return {
    ask(name, trigger) {
      if (board.target(name) !== undefined && !suspended(name)) queue.add(name, trigger);
    },
    start() {
      resident = true;
      const { targets } = board.read();
      for (const { name, runs } of targets) {
        if (runs.length > 0) continue;
        if (suspended(name)) {
          rest(name);
          continue;
        }
        const { intervalMs = 0 } = inForce().settings.targets[name] ?? {};
        schedule(name, firstWaitMs(targets.length, intervalMs, random()), 'start');
      }
    },
    review,
    forgive: (name) => void failures.delete(name),
    onTime: () => [...running.values()].every(({ since, limitMs }) => clock.now() - since < 3 * limitMs),
    async close() {
      closed = true;
      timers.close();
      for (const { limit } of running.values()) limit.interrupt('llmform was told to stop');
      await queue.close();
    },
  };
}

/** Between two looks at a target that is suspended. */
const LONGEST_REST_MS = 60_000;
