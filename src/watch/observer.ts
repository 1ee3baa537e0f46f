import type { Answered } from '../io/http.js';
import type { Target } from '../model/project.js';
import type { DaemonState, RunRecord, TargetState } from './model.js';

/** Looks on: metrics, notifications. It must not throw, and whatever takes time it does on its own. */
export interface Observer {
  /** A run ended; the target's state is the one after it. */
  onRun?(target: TargetState, record: RunRecord): void;
  /** A vendor answered, or did not. */
  onAnswer?(target: Target, answer: Answered): void;
  /** Something in the state changed; once per turn of the event loop at most. */
  onState?(state: DaemonState): void;
}
