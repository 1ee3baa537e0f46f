import type { Target } from '../../src/model/project.js';
import type { Daemon, DaemonState, RunOutcome, RunRecord, TargetState } from '../../src/watch/state/model.js';
import { target as projectTarget } from './report-samples.js';

/** A daemon that runs nothing: its state is set from outside, and what it is asked for is written down. */
export interface FakeDaemon extends Daemon {
  /** Changes the state and tells whoever listens. */
  change(more: Partial<DaemonState>): void;
  /** Changes one target and tells whoever listens. */
  changeTarget(name: string, more: Partial<TargetState>): void;
  /** What it was asked for: `sync webhook`, `approve a sha256:…`. */
  asked: string[];
  alive: boolean;
  isReady: boolean;
  listeners: Set<() => void>;
}

/** When everything in the samples happened. */
export const NOON = Date.UTC(2026, 4, 20, 12);

export function fakeDaemon(state: DaemonState): FakeDaemon {
  let current = state;
  const asked: string[] = [];
  const listeners = new Set<() => void>();
  const daemon: FakeDaemon = {
    asked,
    listeners,
    alive: true,
    isReady: true,
    state: () => current,
    targets: (): Target[] =>
      current.targets.map(({ name, vendor, baseUrl }) => projectTarget(name, vendor, baseUrl)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sync: (trigger, target) => void asked.push(['sync', trigger, target].filter(Boolean).join(' ')),
    approve(target, fingerprint) {
      asked.push(`approve ${target} ${fingerprint}`);
      return current.targets.some(({ name, plan }) => name === target && plan?.fingerprint === fingerprint);
    },
    suspend: async (target) => void asked.push(`suspend ${target}`),
    resume: async (target) => void asked.push(`resume ${target}`),
    live: () => daemon.alive,
    ready: () => daemon.isReady,
    change(more) {
      current = { ...current, ...more };
      for (const listener of listeners) listener();
    },
    changeTarget(name, more) {
      const targets = current.targets.map((target) =>
        target.name === name ? { ...target, ...more } : target,
      );
      daemon.change({ targets });
    },
  };
  return daemon;
}

export function stateOf(targets: readonly TargetState[], more: Partial<DaemonState> = {}): DaemonState {
  return {
    version: '0.1.0',
    project: 'avatars',
    startedAt: NOON - 86_400_000,
    source: { place: '/srv/llms', loadedAt: NOON - 3_600_000, diagnostics: [] },
    queueDepth: 0,
    targets,
    ...more,
  };
}

export function targetState(name: string, more: Partial<TargetState> = {}): TargetState {
  return {
    name,
    vendor: 'anam',
    baseUrl: 'https://api.anam.ai',
    mode: 'observe',
    status: 'in-sync',
    since: NOON - 7_200_000,
    running: false,
    queued: false,
    nextRunAt: NOON + 480_000,
    lastSuccessAt: NOON - 120_000,
    held: [],
    diagnostics: [],
    runs: [],
    ...more,
  };
}

export function runOf(result: RunOutcome, more: Partial<RunRecord> = {}): RunRecord {
  return {
    reconcileId: 'r-1',
    trigger: 'interval',
    startedAt: NOON - 120_000,
    durationMs: 1234,
    result,
    changes: 0,
    applied: 0,
    failed: 0,
    ...more,
  };
}

/** As many runs, ten minutes apart, the last one two minutes before noon. */
export function runsOf(...results: RunOutcome[]): RunRecord[] {
  return results.map((result, i) =>
    runOf(result, { startedAt: NOON - 120_000 - (results.length - 1 - i) * 600_000 }),
  );
}
