import { createLane, type Lane, type LaneSettings, type Turn } from './lane.js';

/** A piece of work that may have to wait for others. */
export interface Task {
  id: string;
  dependsOn: readonly string[];
  /** Tasks of one lane share its places. */
  lane: string;
}

/** The rest of a task, which waits until nothing else of its lane can run. Resolves to whether the task succeeded. */
export type Remainder = () => Promise<boolean>;

/**
 * Runs every task once, after the tasks that it depends on. `run` says whether it succeeded, or returns what is left to
 * be done once the lane is idle, so that tasks that need the same can do it together. A task that depends on
 * one that did not is given to `skip` instead, with the name of the one that stands in its way. Dependencies must
 * not form a cycle.
 */
export async function schedule<T extends Task>(
  tasks: readonly T[],
  settings: (lane: string) => LaneSettings,
  run: (task: T, turn: Turn) => Promise<boolean | Remainder>,
  skip: (task: T, because: string) => void | Promise<void>,
): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const lanes = new Map<string, Lane>();
  const started = new Map<string, Promise<boolean>>();

  const start = (task: T): Promise<boolean> => {
    const known = started.get(task.id);
    if (known !== undefined) return known;
    const promise = runAfter(task);
    started.set(task.id, promise);
    return promise;
  };
  const runAfter = async (task: T): Promise<boolean> => {
    for (const id of task.dependsOn) {
      const needed = byId.get(id);
      if (needed === undefined || (await start(needed))) continue;
      await skip(task, id);
      return false;
    }
    const own = laneOf(task.lane);
    const result = await own.run((turn) => run(task, turn));
    if (typeof result === 'boolean') return result;
    await own.onIdle();
    return own.run(result);
  };
  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? createLane(settings(name));
    lanes.set(name, lane);
    return lane;
  };
  await Promise.all(tasks.map(start));
}
