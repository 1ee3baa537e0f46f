import type { Diagnostic } from '../../model/diagnostic.js';
import type { ShownPlan } from '../../model/plan.js';
import type { Target } from '../../model/project.js';

/**
 * The mode of watch: `observe` reports drift and never writes, `heal` applies without deleting or
 * replacing anything, `apply` applies within the project's guards.
 */
export type Mode = 'observe' | 'heal' | 'apply';

/** The trigger of a run. */
export type Trigger =
  | 'start'
  | 'interval'
  | 'files'
  | 'commit'
  | 'webhook'
  | 'signal'
  | 'retry'
  | 'page'
  | 'resume'
  | 'approval';

/**
 * How a run of one target ended: `success` wrote and all of it was kept, `no_change` found nothing to do, `drift` found
 * differences and left some or all of them, `error` may go away by itself and is retried, `terminal` will not: it
 * waits for the interval or for a new commit.
 */
export type RunOutcome = 'success' | 'no_change' | 'drift' | 'error' | 'terminal';

/** The result of one run of one target. */
export interface RunResult {
  result: RunOutcome;
  error?: { code: string; message: string };
  /** Objects that differed, and what became of those that were written. */
  changes: number;
  applied: number;
  failed: number;
}

/** One run of one target. Plain JSON; holds no secret. */
export interface RunRecord extends RunResult {
  /** Random; the same as in the log. */
  reconcileId: string;
  trigger: Trigger;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  /** The commit that was reconciled, where git is the source. */
  commit?: string;
}

export type TargetStatus = 'pending' | 'in-sync' | 'drifted' | 'failing' | 'suspended';

/** The state of one target. Plain JSON; holds no secret. */
export interface TargetState {
  name: string;
  vendor: string;
  baseUrl: string;
  mode: Mode;
  status: TargetStatus;
  /** Since when it has this status, in milliseconds since 1970. */
  since: number;
  running: boolean;
  queued: boolean;
  suspendedBy?: 'project' | 'command' | undefined;
  /** Milliseconds since 1970; absent while it is suspended or running. */
  nextRunAt?: number | undefined;
  lastSuccessAt?: number;
  /** Of the last run that could plan; its `changes` are what is left to do. */
  plan?: ShownPlan;
  /** Why what is left to do was not done: the mode, a guard, a closed window, a missing approval, a fight. */
  held: readonly string[];
  /** The last run's errors and warnings. */
  diagnostics: readonly Diagnostic[];
  /** Oldest first, 50 at most. */
  runs: readonly RunRecord[];
}

/** The state of source and targets. Plain JSON; holds no secret. */
export interface DaemonState {
  version: string;
  project: string;
  startedAt: number;
  /** The source: the active commit, and the mistakes of a newer one that is not active. */
  source: {
    /** Folder, or URL without credentials. */
    place: string;
    commit?: string;
    loadedAt: number;
    /** Mistakes of what was read last; the last good one stays active. Empty when all is well. */
    diagnostics: readonly Diagnostic[];
  };
  /** Targets that wait for a turn. */
  queueDepth: number;
  /** In the order of the project file. */
  targets: readonly TargetState[];
}

/** The daemon's commands for the page and the webhook. */
export interface Daemon {
  state(): DaemonState;
  /** The targets, for their names: `plan` texts group by them. */
  targets(): readonly Target[];
  /** Calls back after every change of the state, once per turn of the event loop at most. Returns its undoing. */
  subscribe(listener: () => void): () => void;
  /** A hint that something may have changed; all targets when none is named. Returns at once. */
  sync(trigger: Trigger, target?: string): void;
  /**
   * Lets through exactly the plan with this fingerprint, once, past the mode, the windows and the guards. False when
   * it is not the target's current plan.
   */
  approve(target: string, fingerprint: string): boolean;
  /** As `llmform suspend` and `llmform resume` do. */
  suspend(target: string): Promise<void>;
  resume(target: string): Promise<void>;
  /** True while the event loop turns and no run is over three times its limit. */
  live(): boolean;
  /** True once the project was read and every target that is not suspended was tried. */
  ready(): boolean;
}
