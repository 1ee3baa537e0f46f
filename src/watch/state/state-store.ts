import type { Target } from '../../model/project.js';
import type { DaemonState, RunRecord, TargetState, TargetStatus } from './model.js';
import type { WatchSettings } from './settings.js';

const MAX_RUNS = 50;

/** The state of source and targets. Every change makes new objects, so a state stays as it was read. */
export interface StateStore {
  read(): DaemonState;
  target(name: string): TargetState | undefined;
  /** Replaces members of a target's state; one that is gone is left alone. A new status begins at `at`. */
  patch(name: string, members: Partial<TargetState>, at?: number): void;
  addRun(name: string, record: RunRecord): void;
  /** Takes over the targets of a project: those that stay keep what is known of them. */
  setTargets(targets: readonly Target[], project: string, settings: WatchSettings, at: number): void;
  setSource(source: DaemonState['source']): void;
  setQueueDepth(depth: number): void;
  /** Calls back after changes, once per turn of the event loop at most. Returns its undoing. */
  subscribe(listener: () => void): () => void;
}

export function createStateStore(version: string, startedAt: number): StateStore {
  const listeners = new Set<() => void>();
  let announced = false;
  let state: DaemonState = {
    version,
    project: '',
    startedAt,
    source: { place: '', loadedAt: startedAt, diagnostics: [] },
    queueDepth: 0,
    targets: [],
  };

  function change(members: Partial<DaemonState>): void {
    state = { ...state, ...members };
    if (announced || listeners.size === 0) return;
    announced = true;
    setImmediate(() => {
      announced = false;
      for (const listener of [...listeners]) listener();
    });
  }

  function replace(name: string, by: (target: TargetState) => TargetState): void {
    if (!state.targets.some((target) => target.name === name)) return;
    change({ targets: state.targets.map((target) => (target.name === name ? by(target) : target)) });
  }

  return {
    read: () => state,
    target: (name) => state.targets.find((target) => target.name === name),
    patch: (name, members, at) =>
      replace(name, (target) => ({
        ...target,
        ...members,
        since: members.status === undefined || members.status === target.status ? target.since : (at ?? 0),
      })),
    addRun: (name, record) =>
      replace(name, (target) => ({ ...target, runs: [...target.runs, record].slice(-MAX_RUNS) })),
    setTargets(wanted, project, settings, at) {
      const known = new Map(state.targets.map((target) => [target.name, target]));
      const targets = wanted.map(({ name, vendor, baseUrl }) => ({
        ...(known.get(name) ?? blank(name, at)),
        vendor,
        baseUrl,
        mode: settings.targets[name]?.mode ?? 'observe',
      }));
      change({ project, targets });
    },
    setSource: (source) => change({ source }),
    setQueueDepth(depth) {
      if (depth !== state.queueDepth) change({ queueDepth: depth });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The status of a target after a run. */
export function statusAfter({ result }: RunRecord): TargetStatus {
  if (result === 'error' || result === 'terminal') return 'failing';
  return result === 'drift' ? 'drifted' : 'in-sync';
}

function blank(name: string, at: number): Omit<TargetState, 'vendor' | 'baseUrl' | 'mode'> {
  return {
    name,
    status: 'pending',
    since: at,
    running: false,
    queued: false,
    held: [],
    diagnostics: [],
    runs: [],
  };
}
