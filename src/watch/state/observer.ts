import type { Target } from '../../model/project.js';
import { unexpectedDiagnostic } from '../../model/unexpected.js';
import type { AnsweredRequest } from '../../platform/http/client.js';
import type { Log } from '../../platform/process/log.js';
import type { DaemonState, RunRecord, TargetState } from './model.js';

/** A listener to changes of the state: metrics, notifications. It must not block: slow work runs on its own. */
export interface Observer {
  /** A run ended; the target's state is the one after it. Runs that were interrupted are left out. */
  onRun?(target: TargetState, record: RunRecord): void;
  /** A vendor answered, or did not. */
  onAnswer?(target: Target, answer: AnsweredRequest): void;
  /** Something in the state changed; once per turn of the event loop at most. */
  onState?(state: DaemonState): void;
}

/** All observers as one. What one of them throws is logged, and harms neither the others nor the run. */
export function combineObservers(observers: readonly Observer[], log: Log): Required<Observer> {
  const tell = (call: (observer: Observer) => void) => {
    for (const observer of observers) {
      try {
        call(observer);
      } catch (fault) {
        log.error('an observer failed', {
          err: { code: 'internal', message: unexpectedDiagnostic(fault).summary },
        });
      }
    }
  };
  return {
    onRun: (target, record) => tell((observer) => observer.onRun?.(target, record)),
    onAnswer: (target, answer) => tell((observer) => observer.onAnswer?.(target, answer)),
    onState: (state) => tell((observer) => observer.onState?.(state)),
  };
}
