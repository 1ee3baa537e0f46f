import { isWithin } from '../model/address.js';
import type { Calendar } from '../model/ports.js';
import { systemClock } from '../platform/process/clock.js';
import type { Log } from '../platform/process/log.js';
import { workspaceFindings } from '../usecases/load-workspace.js';
import { logInvalidProject, logUnfetched, logUnseen } from './log-run.js';
import {
  type ActiveProject,
  changedAddresses,
  loadActiveProject,
  type ProjectLoading,
  settingsNeedingRestart,
} from './reconcile/active-project.js';
import { createApprovals } from './reconcile/approvals.js';
import { createFlapDetector } from './reconcile/flapping.js';
import type { FinishedRun } from './reconcile/reconcile-target.js';
import { diagnosticsOf, serializeReloads } from './reload.js';
import { createScheduler } from './scheduler.js';
import type { ProjectSource, Snapshot } from './source/source.js';
import type { Daemon, Trigger } from './state/model.js';
import { combineObservers, type Observer } from './state/observer.js';
import type { WatchSettings } from './state/settings.js';
import { createStateStore } from './state/state-store.js';
import type { Suspensions } from './state/suspensions.js';

export interface DaemonOptions {
  version: string;
  source: ProjectSource;
  suspensions: Suspensions;
  observers: readonly Observer[];
  loading: ProjectLoading;
  log: Log;
  /** Fingerprints that were approved on the command line. */
  approve: readonly string[];
  clock?: Calendar;
  random?: () => number;
  /** Hears of every run at its end. */
  onFinished?: (name: string, finished: FinishedRun) => void;
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
export async function createDaemon(parts: DaemonOptions): Promise<RunningDaemon> {
  const { version, source, suspensions, loading, log, clock = systemClock, random = Math.random } = parts;
  const stateStore = createStateStore(version, clock.date());
  const observer = combineObservers(parts.observers, log);
  const [flapping, approvals] = [createFlapDetector(), createApprovals(parts.approve)];
  let toldOfSubmodules = false;
  let activeProject = await firstProject().catch(async (fault) => {
    // No caller will stop a daemon that never started.
    await source.close();
    throw fault;
  });
  const scheduler = createScheduler({
    ...parts,
    ...{ stateStore, flapping, approvals, observer, clock, random },
    activeProject: () => activeProject,
    onInterval: () => source.poll?.(),
  });
  const unsubscribe = stateStore.subscribe(() => observer.onState(stateStore.read()));
  let stopping: Promise<void> | undefined;

  async function loadSnapshot(): Promise<Snapshot> {
    const snapshot = await source.load();
    if (snapshot.unfetched !== undefined && !toldOfSubmodules) {
      toldOfSubmodules = true;
      logUnfetched(log, snapshot.unfetched);
    }
    return snapshot;
  }

  async function firstProject(): Promise<ActiveProject> {
    try {
      return takeOver(await loadActiveProject(await loadSnapshot(), loading));
    } catch (fault) {
      const snapshot = await source.lastGood?.();
      const good = snapshot && (await loadActiveProject(snapshot, loading).catch(() => undefined));
      if (good === undefined) throw fault;
      takeOver(good);
      refuse(fault);
      return good;
    }
  }

  function takeOver(found: ActiveProject): ActiveProject {
    const { snapshot, workspace, settings } = found;
    const { place, commit } = snapshot;
    const warnings = workspaceFindings(workspace);
    source.keep?.(snapshot);
    stateStore.setSource({
      place,
      ...(commit !== undefined && { commit }),
      loadedAt: clock.date(),
      diagnostics: warnings,
    });
    stateStore.setTargets(workspace.targets, workspace.project.name, settings, clock.date());
    log.info('project loaded', { place, commit, targets: workspace.targets.length });
    logUnseen(log, workspace.unseen);
    return found;
  }

  function refuse(fault: unknown): void {
    const diagnostics = diagnosticsOf(fault);
    stateStore.setSource({ ...stateStore.read().source, diagnostics });
    logInvalidProject(log, diagnostics);
  }

  const reload = serializeReloads(async (trigger) => {
    if (stopping !== undefined) return;
    const before = activeProject;
    try {
      activeProject = takeOver(await loadActiveProject(await loadSnapshot(), loading, before));
    } catch (fault) {
      // A source that is stopped gives up its read, which is no mistake.
      if (stopping === undefined) refuse(fault);
      return;
    }
    const waiting = settingsNeedingRestart(before.settings, activeProject.settings);
    if (waiting.length > 0) log.warn('some settings count from the next start on', { settings: waiting });
    const changed = changedAddresses(before.workspace, activeProject.workspace);
    flapping.forget((address) => changed.has(address));
    for (const { name } of before.workspace.targets) scheduler.refresh(name);
    for (const { name } of activeProject.workspace.targets) {
      scheduler.clearFailures(name);
      scheduler.request(name, trigger);
    }
  });

  function isOf(target: string): (address: string) => boolean {
    return (address) => isWithin(address, target);
  }

  async function close(): Promise<void> {
    await scheduler.close();
    unsubscribe();
    await source.close();
    await suspensions.close?.();
  }

  source.onChange((trigger) => void reload(trigger));
  suspensions.onChange?.(() => {
    for (const { name } of stateStore.read().targets) scheduler.refresh(name);
  });

  return {
    reload,
    start: scheduler.start,
    settings: () => activeProject.settings,
    state: stateStore.read,
    subscribe: stateStore.subscribe,
    targets: () => activeProject.workspace.targets,
    sync(trigger, target) {
      if (trigger !== 'interval') source.poll?.();
      for (const { name } of stateStore.read().targets) {
        if (target === undefined || target === name) scheduler.request(name, trigger);
      }
    },
    approve(target, fingerprint) {
      const known = stateStore.target(target);
      if (known?.plan?.fingerprint !== fingerprint || known.status === 'suspended') return false;
      flapping.forget(isOf(target));
      approvals.approve(target, fingerprint);
      scheduler.request(target, 'approval');
      return true;
    },
    async suspend(target) {
      await suspensions.suspend(target);
      scheduler.refresh(target);
    },
    async resume(target) {
      await suspensions.resume(target);
      flapping.forget(isOf(target));
      scheduler.refresh(target);
    },
    live: scheduler.isOnTime,
    ready: () =>
      stateStore.read().targets.every(({ status, runs }) => status === 'suspended' || runs.length > 0),
    stop() {
      stopping ??= close();
      return stopping;
    },
  };
}
