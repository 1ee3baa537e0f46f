import type { RunningProgram } from './program.js';
import type { CrashProject, Ended } from './project.js';

/** A moment of a run at which its process is killed. */
export type Moment =
  /** At the n-th matching request, counted from 1 over all vendors; `before` or `after` the vendor carried it out. */
  | { at: 'request'; n: number; when: 'before' | 'after'; methods: readonly string[]; path?: RegExp }
  /** So many milliseconds after the start. */
  | { at: 'time'; ms: number };

export interface Killed extends Ended {
  /** A write was on its way, and not answered, when the process died. */
  inFlight: boolean;
}

export const READS: readonly string[] = ['GET'];
export const WRITES: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Runs a command and kills its process at a moment. Where the moment never comes, it runs to its end. */
export async function runAndKill(
  project: CrashProject,
  argv: readonly string[],
  moment: Moment,
): Promise<Killed> {
  const emulators = Object.values(project.emulators);
  let running: RunningProgram | undefined;
  let inFlight = false;
  const kill = () => {
    inFlight = emulators.some(({ requests }) =>
      requests.some((request) => WRITES.includes(request.method) && request.status === 0),
    );
    running?.kill('SIGKILL');
  };
  let timer: NodeJS.Timeout | undefined;
  if (moment.at === 'request') {
    let count = 0;
    const run = () => {
      count += 1;
      if (count !== moment.n) return;
      kill();
      // The emulator does nothing more for a request whose callback fails, and nobody is left to see its answer.
      if (moment.when === 'before') throw new Error('the caller was killed');
    };
    const { methods, path } = moment;
    for (const { faults } of emulators) {
      for (const method of methods) {
        faults.push({ match: { method, ...(path && { path }) }, effect: { type: 'meanwhile', run } });
      }
    }
  }
  for (const { requests } of emulators) requests.length = 0;
  try {
    const ended = await project.run(argv, (started) => {
      running = started;
      if (moment.at === 'time') timer = setTimeout(kill, moment.ms);
    });
    return { ...ended, inFlight: ended.killed && inFlight };
  } finally {
    clearTimeout(timer);
    project.letTimePass();
    for (const { faults } of emulators) faults.length = 0;
  }
}
