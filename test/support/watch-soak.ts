import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { systemClock } from '../../src/platform/process/clock.js';
import { openLog } from '../../src/platform/process/log.js';
import { anamLlms, anamProject, emulate } from './project.js';
import { openEngine, settled } from './watch-engine.js';

/** What the process holds on to, after everything that can be given up was. */
export interface Held {
  heapMb: number;
  rssMb: number;
  handles: number;
}

export interface Figures {
  cycles: number;
  warm: Held;
  end: Held;
}

/**
 * Lets the real engine reconcile so often, on its own timers, with drift to heal now and then and failures in between.
 * The first half is for warming up: caches fill, code is compiled.
 */
export async function soak(cycles: number): Promise<Figures> {
  const anam = await emulate('anam');
  const project = await anamProject(anam.url, anamLlms('a', 'b', 'c'), '    requestsPerSecond: 1000\n');
  let done = 0;
  const { daemon, turns } = await openEngine(project, {
    target: { intervalMs: 1 },
    parts: {
      random: () => 0,
      log: openLog(() => undefined, 'info'),
      // An hour to the engine is a second here: what it heals again and again it would take for a fight.
      clock: { ...systemClock, now: () => systemClock.now() * 3600 },
      onFinished() {
        done += 1;
        turns.length = 0;
        anam.requests.length = 0;
        if (done % 25 === 0) drift();
        if (done % 40 === 0) anam.faults.push({ times: 1, effect: { type: 'status', status: 400 } });
      },
    },
  });
  const drift = () => {
    const objects = anam.objects('LLM');
    anam.put('LLM', { id: String(objects[done % objects.length]?.id), modelName: `drifted-${done}` });
  };
  daemon.start();
  await settled(() => done >= cycles / 2, SOAK_MS);
  const warm = await held();
  await settled(() => done >= cycles, SOAK_MS);
  const end = await held();
  expect(daemon.state().targets[0]?.runs).toHaveLength(50);
  await daemon.stop();
  return { cycles: done, warm, end };
}

const SOAK_MS = 1_200_000;

async function held(): Promise<Held> {
  const collect = collector();
  for (let i = 0; i < 3; i += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, rss } = process.memoryUsage();
  const mb = (bytes: number) => Math.round((bytes / 1024 / 1024) * 10) / 10;
  return { heapMb: mb(heapUsed), rssMb: mb(rss), handles: readdirSync('/proc/self/fd').length };
}

/** The garbage collector, without starting the process in a special way. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
