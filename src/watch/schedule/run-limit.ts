import { LlmformError } from '../../model/llmform-error.js';
import type { Clock } from '../../model/ports.js';

/** Time for the requests in flight to be answered, once a run is to stop. */
const GRACE_MS = 20_000;

/** Why a run was stopped before its end. */
export class RunStoppedError extends LlmformError {
  override readonly name = 'StoppedError';
  readonly code: 'timeout' | 'interrupted';

  constructor(code: RunStoppedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The time limit of one run, and the way to stop it. */
export interface RunLimit {
  /** Fires when reads are to be given up and writes to come to an end. Its reason is a `RunStoppedError`. */
  stop: AbortSignal;
  /** Fires when there is no more time for the requests in flight either. */
  cut: AbortSignal;
  /** Stops the run now; the first reason stays. */
  interrupt(message: string): void;
  /** The run is over: nothing fires any more. */
  end(): void;
}

export function limitRun(limitMs: number, clock: Clock, graceMs = GRACE_MS): RunLimit {
  const stop = new AbortController();
  const cut = new AbortController();
  const over = new AbortController();
  const after = (ms: number, then: () => void) =>
    void clock.sleep(ms, over.signal).then(then, () => undefined);
  const stopNow = (reason: RunStoppedError) => {
    if (stop.signal.aborted) return;
    stop.abort(reason);
    after(graceMs, () => cut.abort(reason));
  };
  after(limitMs, () =>
    stopNow(new RunStoppedError('timeout', `the run took longer than its limit of ${limitMs / 1000} s`)),
  );
  return {
    stop: stop.signal,
    cut: cut.signal,
    interrupt: (message) => stopNow(new RunStoppedError('interrupted', message)),
    end: () => over.abort(),
  };
}
