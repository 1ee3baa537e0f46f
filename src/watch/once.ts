import type { RunningDaemon } from './daemon.js';
import type { Turn } from './turn.js';

/** Gathers what came of each target's first run. */
export interface Gathering {
  onTurn(name: string, turn: Turn): void;
  /** Runs every target once; resolves with what came of each that is not suspended. */
  runAll(daemon: RunningDaemon): Promise<Turn[]>;
}

export function gather(): Gathering {
  const turns = new Map<string, Turn>();
  let look = () => {};
  return {
    onTurn(name, turn) {
      turns.set(name, turn);
      look();
    },
    runAll: (daemon) =>
      new Promise((resolve) => {
        look = () => {
          const due = daemon.state().targets.filter(({ status }) => status !== 'suspended');
          if (due.every(({ name }) => turns.has(name))) resolve([...turns.values()]);
        };
        daemon.sync('start');
        look();
      }),
  };
}

/**
 * The exit code of one run of every target, as the commands have it: 1 when all of them failed and nothing was
 * written, or one failed where all others are only observed, 3 when a part was done, 4 when guards kept everything
 * back, 2 when whoever only observes found changes.
 */
export function exitCodeOf(turns: readonly Turn[]): 0 | 1 | 2 | 3 | 4 {
  const failed = turns.filter(({ record }) => record.result === 'error' || record.result === 'terminal');
  const tried = turns.some(({ record }) => record.applied + record.failed > 0);
  const fine = turns.filter((turn) => !failed.includes(turn));
  if (failed.length > 0) return tried || fine.some(({ findings }) => !findings.observed) ? 3 : 1;
  const left = turns.filter(({ record }) => record.result === 'drift');
  if (left.length === 0) return 0;
  if (tried) return 3;
  if (left.some(({ findings }) => findings.guard)) return 4;
  return left.every(({ findings }) => findings.observed) ? 2 : 3;
}
