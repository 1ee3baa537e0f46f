import PQueue from 'p-queue';

/** A piece of work that may have to wait for others. */
export interface Task {
  id: string;
  dependsOn: readonly string[];
  /** Tasks of one lane share its concurrency. */
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
  concurrency: (lane: string) => number,
  run: (task: T) => Promise<boolean | Remainder>,
  skip: (task: T, because: string) => void,
): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const lanes = new Map<string, PQueue>();
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
      skip(task, id);
      return false;
    }
    const queue = lane(task.lane);
    const result = await queue.add(() => run(task));
    if (typeof result === 'boolean') return result;
    await queue.onIdle();
    return queue.add(result);
  };
  const lane = (name: string): PQueue => {
    const queue = lanes.get(name) ?? new PQueue({ concurrency: concurrency(name) });
    lanes.set(name, queue);
    return queue;
  };
  await Promise.all(tasks.map(start));
}
