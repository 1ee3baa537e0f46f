import type { Address } from '../model/address.js';
import { blockedText } from '../model/blocked.js';
import type { Calendar } from '../model/ports.js';
import type { Log } from '../platform/process/log.js';
import { logRun, logWait } from './log-run.js';
import type { ActiveProject, ProjectLoading } from './reconcile/active-project.js';
import type { Approvals } from './reconcile/approvals.js';
import type { FlapDetector } from './reconcile/flapping.js';
import { type FinishedRun, msUntilWindow, reconcileTarget } from './reconcile/reconcile-target.js';
import { createWorkQueue } from './schedule/queue.js';
import { limitRun, type RunLimit } from './schedule/run-limit.js';
import { createTimers } from './schedule/timers.js';
import { delayAfterRunMs, firstRunDelayMs } from './schedule/timing.js';
import type { Trigger } from './state/model.js';
import type { Observer } from './state/observer.js';
import { type StateStore, statusAfter } from './state/state-store.js';
import type { Suspensions } from './state/suspensions.js';

export interface SchedulerOptions {
  activeProject(): ActiveProject;
  loading: ProjectLoading;
  stateStore: StateStore;
  flapping: FlapDetector;
  approvals: Approvals;
  suspensions: Suspensions;
  observer: Required<Observer>;
  log: Log;
  clock: Calendar;
  random: () => number;
  /** Called whenever an interval has passed. */
  onInterval(): void;
  /** Hears of every run at its end. */
  onFinished?: ((name: string, finished: FinishedRun) => void) | undefined;
}

/** The runs of all targets: when they are due, one at a time for each target, and what is noted of them. */
export interface Scheduler {
  /** Asks for a run of a target; of none that is suspended or not there. */
  request(name: string, trigger: Trigger): void;
  /** Sets the timer of every target that has none and was never run; from now on each run sets the next. */
  start(): void;
  /** Brings a target in line with what suspends it or no longer does. */
  refresh(name: string): void;
  /** The project changed: what failed may work now. */
  clearFailures(name: string): void;
  /** No run is over three times its limit. */
  isOnTime(): boolean;
  close(): Promise<void>;
}

export function createScheduler(parts: SchedulerOptions): Scheduler {
  const { activeProject, stateStore, flapping, approvals, suspensions, observer, log, clock, random } = parts;
  const timers = createTimers(clock);
  const running = new Map<string, { limit: RunLimit; since: number; limitMs: number }>();
  const failures = new Map<string, number>();
  let resident = false;
  let closed = false;

  const queue = createWorkQueue<Trigger>(work, (name) => {
    stateStore.patch(name, { queued: queue.isWaiting(name) });
    stateStore.setQueueDepth(queue.depth());
  });

  async function work(name: string, trigger: Trigger): Promise<void> {
    const now = activeProject();
    if (stateStore.target(name) === undefined || suspended(name)) return rest(name);
    timers.cancel(name);
    stateStore.patch(name, { running: true, nextRunAt: undefined });
    const { runLimitMs: limitMs } = now.settings;
    const limit = limitRun(limitMs, clock);
    running.set(name, { limit, since: clock.now(), limitMs });
    const finished = await reconcileTarget(name, trigger, limit, now, {
      ...parts,
      onAnswer: observer.onAnswer,
      onWait: logWait(log),
    });
    limit.end();
    running.delete(name);
    note(name, finished);
  }

  function fightOver(address: Address): string[] {
    const fight = flapping.reason(address, clock.now());
    return fight === undefined ? [] : [blockedText(fight)];
  }

  /** Remembers what came of a run, sets the time of the next, and says so. */
  function note(name: string, finished: FinishedRun): void {
    const { record, findings } = finished;
    const { held, diagnostics, plan, healed } = findings;
    for (const address of flapping.record(healed, clock.now())) {
      const [message = ''] = fightOver(address);
      log.error('this object is not healed any more for an hour', {
        target: name,
        err: { code: 'fight', message },
      });
    }
    // A run that failed before it could use an approval leaves it to the next one.
    const decided = plan !== undefined && (findings.used !== undefined || record.error === undefined);
    const dropped = decided ? approvals.settle(name, findings.used) : undefined;
    if (dropped !== undefined) log.warn('the approved plan is not the plan any more', { target: name });
    const status = statusAfter(record);
    stateStore.addRun(name, record);
    stateStore.patch(
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
    logRun(log, name, finished, scheduleAfter(name, finished));
    const target = stateStore.target(name);
    if (target !== undefined && record.error?.code !== 'interrupted') observer.onRun(target, record);
    parts.onFinished?.(name, finished);
  }

  function scheduleAfter(name: string, { record, findings }: FinishedRun): number | undefined {
    const { result, applied } = record;
    // A run that got something done before it failed is not one more failure in a row.
    const before = applied > 0 ? 0 : (failures.get(name) ?? 0);
    failures.set(name, result === 'error' ? before + 1 : 0);
    const settings = activeProject().settings.targets[name];
    if (!resident || closed || settings === undefined) return undefined;
    if (suspended(name)) {
      rest(name);
      return undefined;
    }
    const wait = delayAfterRunMs(result, failures.get(name) ?? 0, settings.intervalMs, random());
    const opens = findings.held.length > 0 ? msUntilWindow(settings.windows, clock.date()) : undefined;
    const ms = Math.min(wait, opens ?? wait);
    schedule(name, ms, result === 'error' ? 'retry' : 'interval');
    return ms;
  }

  function schedule(name: string, ms: number, trigger: Trigger): void {
    stateStore.patch(name, { nextRunAt: clock.date() + ms });
    timers.set(name, ms, () => {
      if (trigger === 'interval') parts.onInterval();
      queue.add(name, trigger);
    });
  }

  /** A suspended target is looked at now and then all the same: word of its resumption may get lost. */
  function rest(name: string): void {
    const settings = activeProject().settings.targets[name];
    timers.cancel(name);
    if (!resident || closed || settings === undefined) return;
    timers.set(name, Math.min(settings.intervalMs, LONGEST_REST_MS), () => review(name));
  }

  function review(name: string): void {
    const before = stateStore.target(name)?.suspendedBy;
    if (stateStore.target(name) === undefined || suspended(name)) {
      rest(name);
      running.get(name)?.limit.interrupt('the target was suspended, or taken out of the project');
    } else if (before !== undefined) queue.add(name, 'resume');
  }

  function suspended(name: string): boolean {
    const byProject = activeProject().settings.targets[name]?.suspend === true;
    const suspendedBy = byProject ? 'project' : suspensions.has(name) ? 'command' : undefined;
    if (suspendedBy !== stateStore.target(name)?.suspendedBy) {
      const status = suspendedBy === undefined ? 'pending' : 'suspended';
      stateStore.patch(name, { status, suspendedBy, nextRunAt: undefined }, clock.date());
      log.info(`the target is ${suspendedBy === undefined ? 'resumed' : 'suspended'}`, { target: name });
    }
    return suspendedBy !== undefined;
  }

  return {
    request(name, trigger) {
      if (stateStore.target(name) !== undefined && !suspended(name)) queue.add(name, trigger);
    },
    start() {
      resident = true;
      const { targets } = stateStore.read();
      for (const { name, runs } of targets) {
        if (runs.length > 0) continue;
        if (suspended(name)) {
          rest(name);
          continue;
        }
        const { intervalMs = 0 } = activeProject().settings.targets[name] ?? {};
        schedule(name, firstRunDelayMs(targets.length, intervalMs, random()), 'start');
      }
    },
    refresh: review,
    clearFailures: (name) => void failures.delete(name),
    isOnTime: () => [...running.values()].every(({ since, limitMs }) => clock.now() - since < 3 * limitMs),
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
