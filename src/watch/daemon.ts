import { type Calendar, systemClock } from '../io/clock.js';
import type { Log } from '../io/log.js';
import { isWithin } from '../model/address.js';
import { openApprovals } from './approvals.js';
import { openFights } from './fights.js';
import { changedAddresses, type InForce, type Loading, loadInForce, waitForRestart } from './in-force.js';
import { logBroken } from './journal.js';
import type { Daemon, Trigger } from './model.js';
import { allObservers, type Observer } from './observer.js';
import { diagnosticsOf, serially } from './reload.js';
import { openRounds } from './rounds.js';
import type { WatchSettings } from './settings.js';
import type { Source } from './source.js';
import { openBoard } from './state.js';
import type { Suspensions } from './suspensions.js';
import type { Turn } from './turn.js';

export interface DaemonParts {
  version: string;
  source: Source;
  suspensions: Suspensions;
  observers: readonly Observer[];
  loading: Loading;
  log: Log;
  /** Fingerprints that were approved on the command line. */
  approve: readonly string[];
  clock?: Calendar;
  random?: () => number;
  /** Hears of every run at its end. */
  onTurn?: (name: string, turn: Turn) => void;
}

export interface RunningDaemon extends Daemon {
  settings(): WatchSettings;
  /** Starts the first run of every target, and its timers. */
  start(): void;
  /** Reads the project again, and runs every target if it is good. */
  reload(trigger: Trigger): Promise<void>;
  /** Takes on nothing more, lets requests in flight finish and be recorded, and gives everything back. */
  stop(): Promise<void>;
}

/** Loads the project and gets everything ready. Throws `DiagnosticError` where there is no good project to start with. */
export async function openDaemon(parts: DaemonParts): Promise<RunningDaemon> {
  const { version, source, suspensions, loading, log, clock = systemClock, random = Math.random } = parts;
  const board = openBoard(version, clock.date());
  const observer = allObservers(parts.observers, log);
  const [fights, approvals] = [openFights(), openApprovals(parts.approve)];
  let inForce = await firstProject().catch(async (fault) => {
    // Nobody is going to stop a daemon that never was.
    await source.close();
    throw fault;
  });
  const rounds = openRounds({
    ...parts,
    ...{ board, fights, approvals, observer, clock, random },
    inForce: () => inForce,
    onInterval: () => source.poll?.(),
  });
  const unsubscribe = board.subscribe(() => observer.onState(board.read()));
  let stopping: Promise<void> | undefined;

  async function firstProject(): Promise<InForce> {
    try {
      return takeOver(await loadInForce(await source.load(), loading));
    } catch (fault) {
      const snapshot = await source.lastGood?.();
      const good = snapshot && (await loadInForce(snapshot, loading).catch(() => undefined));
      if (good === undefined) throw fault;
      takeOver(good);
      refuse(fault);
      return good;
    }
  }

  function takeOver(found: InForce): InForce {
    const { snapshot, workspace, settings } = found;
    const { place, commit } = snapshot;
    source.keep?.(snapshot);
    board.setSource({
      place,
      ...(commit !== undefined && { commit }),
      loadedAt: clock.date(),
      diagnostics: [],
    });
    board.setTargets(workspace.targets, workspace.project.name, settings, clock.date());
    log.info('the project is in force', { place, commit, targets: workspace.targets.length });
    return found;
  }

  function refuse(fault: unknown): void {
    const diagnostics = diagnosticsOf(fault);
    board.setSource({ ...board.read().source, diagnostics });
    logBroken(log, diagnostics);
  }

  const reload = serially(async (trigger) => {
    if (stopping !== undefined) return;
    const before = inForce;
    try {
      inForce = takeOver(await loadInForce(await source.load(), loading, before));
    } catch (fault) {
      // Whoever is told to stop gives up what it reads, and that is nobody's mistake.
      if (stopping === undefined) refuse(fault);
      return;
    }
    const waiting = waitForRestart(before.settings, inForce.settings);
    if (waiting.length > 0) log.warn('some settings count from the next start on', { settings: waiting });
    const changed = changedAddresses(before.workspace, inForce.workspace);
    fights.forget((address) => changed.has(address));
    for (const { name } of before.workspace.targets) rounds.review(name);
    for (const { name } of inForce.workspace.targets) {
      rounds.forgive(name);
      rounds.ask(name, trigger);
    }
  });

  function isOf(target: string): (address: string) => boolean {
    return (address) => isWithin(address, target);
  }

  async function close(): Promise<void> {
    await rounds.close();
    unsubscribe();
    await source.close();
    await suspensions.close?.();
  }

  source.onChange((trigger) => void reload(trigger));
  suspensions.onChange?.(() => {
    for (const { name } of board.read().targets) rounds.review(name);
  });

  return {
    reload,
    start: rounds.start,
    settings: () => inForce.settings,
    state: board.read,
    subscribe: board.subscribe,
    targets: () => inForce.workspace.targets,
    sync(trigger, target) {
      if (trigger !== 'interval') source.poll?.();
      for (const { name } of board.read().targets) {
        if (target === undefined || target === name) rounds.ask(name, trigger);
      }
    },
    approve(target, fingerprint) {
      const known = board.target(target);
      if (known?.plan?.fingerprint !== fingerprint || known.status === 'suspended') return false;
      fights.forget(isOf(target));
      approvals.approve(target, fingerprint);
      rounds.ask(target, 'approval');
      return true;
    },
    async suspend(target) {
      await suspensions.suspend(target);
      rounds.review(target);
    },
    async resume(target) {
      await suspensions.resume(target);
      fights.forget(isOf(target));
      rounds.review(target);
    },
    live: rounds.onTime,
    ready: () => board.read().targets.every(({ status, runs }) => status === 'suspended' || runs.length > 0),
    stop() {
      stopping ??= close();
      return stopping;
    },
  };
}
