/** A piece of work's hold on its lane. */
export interface Turn {
  /** Gives the place in the lane up while something is waited for, and takes one again before new work starts. */
  away<T>(wait: () => Promise<T>): Promise<T>;
}

export interface LaneSettings {
  /** How many pieces of work go on at once. */
  concurrency: number;
  /** How many more may be away or on their way back before new work has to wait. */
  ahead(): number;
  /** Called when all work that was started is away. */
  onStall(): void;
}

/** Work of one target. Work that waits for something else than the target takes no place meanwhile. */
export interface Lane {
  run<T>(work: (turn: Turn) => Promise<T>): Promise<T>;
  /** Resolves once no work is left. */
  onIdle(): Promise<void>;
}

export function createLane({ concurrency, ahead, onStall }: LaneSettings): Lane {
  const fresh = createQueue();
  const returning = createQueue();
  const idle: (() => void)[] = [];
  let running = 0;
  let gone = 0;
  let open = 0;

  function startNext(): void {
    while (running < concurrency) {
      const start = returning.take() ?? (gone < Math.max(1, ahead()) ? fresh.take() : undefined);
      if (start === undefined) break;
      running += 1;
      start();
    }
    if (running === 0 && gone > 0) setImmediate(tellStall);
  }

  function tellStall(): void {
    if (running === 0 && gone > 0) onStall();
  }

  async function away<T>(wait: () => Promise<T>): Promise<T> {
    const waiting = wait();
    running -= 1;
    gone += 1;
    startNext();
    try {
      return await waiting;
    } finally {
      await new Promise<void>((resolve) => {
        returning.add(resolve);
        startNext();
      });
      gone -= 1;
    }
  }

  function end(): void {
    running -= 1;
    open -= 1;
    startNext();
    if (open === 0) for (const resolve of idle.splice(0)) resolve();
  }

  return {
    async run(work) {
      open += 1;
      await new Promise<void>((resolve) => {
        fresh.add(resolve);
        startNext();
      });
      try {
        return await work({ away });
      } finally {
        end();
      }
    },
    async onIdle() {
      if (open > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}

interface Queue {
  add(start: () => void): void;
  take(): (() => void) | undefined;
}

/** First in, first out. Taking from the front of a long array would move all the rest of it. */
function createQueue(): Queue {
  let incoming: (() => void)[] = [];
  let outgoing: (() => void)[] = [];
  return {
    add(start) {
      incoming.push(start);
    },
    take() {
      if (outgoing.length === 0) [incoming, outgoing] = [[], incoming.reverse()];
      return outgoing.pop();
    },
  };
}
