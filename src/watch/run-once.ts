import type { RunningDaemon } from './daemon.js';
import type { FinishedRun } from './reconcile/reconcile-target.js';

/** Gathers what came of each target's first run. */
export interface FirstRuns {
  onFinished(name: string, finished: FinishedRun): void;
  /** Runs every target once; resolves with what came of each that is not suspended. */
  runAll(daemon: RunningDaemon): Promise<FinishedRun[]>;
}

export function collectFirstRuns(): FirstRuns {
  const finishedRuns = new Map<string, FinishedRun>();
  let look = () => {};
  return {
    onFinished(name, finished) {
      finishedRuns.set(name, finished);
      look();
    },
    runAll: (daemon) =>
      new Promise((resolve) => {
        look = () => {
          const due = daemon.state().targets.filter(({ status }) => status !== 'suspended');
          if (due.every(({ name }) => finishedRuns.has(name))) resolve([...finishedRuns.values()]);
        };
        daemon.sync('start');
        look();
      }),
  };
}

/**
 * The exit code of one run of every target, as the commands have it: 1 when all of them failed and nothing was
 * written, or one failed where all others are only observed, 3 when a part was done, 4 when guards kept everything
 * back or a run was refused as apply is, 2 when observing found changes.
 */
export function exitCodeOf(finishedRuns: readonly FinishedRun[]): 0 | 1 | 2 | 3 | 4 {
  const failed = finishedRuns.filter(
    ({ record }) => record.result === 'error' || record.result === 'terminal',
  );
  const tried = finishedRuns.some(({ record }) => record.applied + record.failed > 0);
  const fine = finishedRuns.filter((finished) => !failed.includes(finished));
  const refused = failed.every(({ findings }) => findings.refused);
  if (failed.length > 0 && refused && !tried) return 4;
  if (failed.length > 0) return tried || fine.some(({ findings }) => !findings.observed) ? 3 : 1;
  const left = finishedRuns.filter(({ record }) => record.result === 'drift');
  if (left.length === 0) return 0;
  if (tried) return 3;
  if (left.some(({ findings }) => findings.guard)) return 4;
  return left.every(({ findings }) => findings.observed) ? 2 : 3;
}
